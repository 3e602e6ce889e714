"""The terms of assignments: until when they are accepted, how often, what being late costs; and extensions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.String(200)


def upgrade() -> None:
    """Add them; the assignments that are there have no limits, and being late costs nothing, as before."""
    op.add_column("run_assignment", sa.Column("accepted_until", sa.DateTime))
    op.add_column("run_assignment", sa.Column("attempts", sa.Integer))
    op.add_column("run_assignment", sa.Column("percent_per_day", sa.Float, nullable=False, server_default="0"))
    op.add_column("run_assignment", sa.Column("most_percent", sa.Float, nullable=False, server_default="100"))
    op.add_column("run_assignment", sa.Column("grace_minutes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("run_assignment", sa.Column("changed_by", TEXT))
    op.create_table(
        "extension",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("assignment", TEXT, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "assignment", "person_id", name="pk_extension"),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name="fk_extension_run_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_extension_person_id"),
    )
    op.create_index("ix_extension_person_id", "extension", ["person_id"])
