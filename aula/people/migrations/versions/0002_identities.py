"""Identities, passwords, recovery links, company contacts, Unix accounts, a journal; what a course run consists of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.String(200)


def upgrade() -> None:
    """Add them; who and what was there before stays as it was."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("operator", sa.Boolean, nullable=False, server_default=sa.false()))
        person.add_column(sa.Column("closed", sa.DateTime))
    with op.batch_alter_table("course_run") as run:
        run.add_column(sa.Column("content", TEXT))
        run.add_column(sa.Column("environment", TEXT))
    _sign_in()
    _accounts()
    _runs()


def _person(table: str, *, null: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    """Return the column that names a person, and its constraint."""
    column: sa.Column[int] = sa.Column("person_id", sa.Integer, nullable=null)
    return column, sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id")


def _sign_in() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer, nullable=False),
        *_person("identity"),
        sa.Column("issuer", TEXT, nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    op.create_table(
        "password",
        *_person("password"),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_password"),
    )
    op.create_table(
        "recovery",
        sa.Column("id", sa.Integer, nullable=False),
        *_person("recovery"),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("expires", sa.DateTime, nullable=False),
        sa.Column("used", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_recovery"),
        sa.UniqueConstraint("digest", name="uq_recovery_digest"),
    )
    op.create_index("ix_recovery_person_id", "recovery", ["person_id"])


def _accounts() -> None:
    op.create_table(
        "contact",
        sa.Column("company_id", sa.Integer, nullable=False),
        *_person("contact"),
        sa.PrimaryKeyConstraint("company_id", "person_id", name="pk_contact"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_contact_company_id"),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"])
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("pooled", sa.Boolean, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        *_person("account", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sa.UniqueConstraint("person_id", name="uq_account_person_id"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )


def _runs() -> None:
    op.create_table(
        "run_lesson",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_run_lesson"),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name="fk_run_lesson_run_id"),
    )
    op.create_table(
        "run_assignment",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "name", name="pk_run_assignment"),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name="fk_run_assignment_run_id"),
    )
