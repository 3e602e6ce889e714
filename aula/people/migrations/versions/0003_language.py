"""A person's language may be unknown: their browser is followed until they choose one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Let the column be null; who was there keeps their language, for nothing tells whether they chose it.

    A new column takes the old one's place: SQLite cannot let a column be null, and a batch that copies the table
    drops it, which the rows of other tables that name a person forbid.
    """
    op.add_column("person", sa.Column("known_language", sa.String(200)))
    op.execute("UPDATE person SET known_language = language")
    op.drop_column("person", "language")
    op.alter_column("person", "known_language", new_column_name="language")
