"""What trainees ask about feedback, and the answers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.String(200)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "request",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("assignment", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("notebook", TEXT),
        sa.Column("cell", TEXT),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("answer", sa.String(2000)),
        sa.Column("outcome", TEXT),
        sa.Column("answerer_id", sa.Integer),
        sa.Column("answered", sa.DateTime),
        sa.Column("seen", sa.DateTime),
        sa.Column("withdrawn", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name="fk_request_run_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_request_person_id"),
        sa.ForeignKeyConstraint(["answerer_id"], ["person.id"], name="fk_request_answerer_id"),
    )
    op.create_index("ix_request_run_id", "request", ["run_id"])
    op.create_index("ix_request_person_id", "request", ["person_id"])
