"""What Alembic runs: the migrations, on the connection that `Database.upgrade` gives, in its transaction."""

from alembic import context

from aula.people.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
context.run_migrations()
