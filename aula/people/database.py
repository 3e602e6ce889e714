"""The database of people and course runs: opened, brought to this version's schema, checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from aula.people.errors import DatabaseError, TakenError
from aula.people.journal import OPERATOR

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_S = 30
"""Seconds to wait for another writer of an SQLite file."""
READS = {"postgresql_readonly": True, "reads": True}


class Database:
    """One database by its SQLAlchemy address, as sqlite:////srv/aula/people/people.sqlite or postgresql+psycopg://…"""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(f"{url!r} is no database's address. Write it as sqlite:////folder/file.") from error
        self.engine = _engine(str(url), sqlite=self.url.get_backend_name() == "sqlite")
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(**READS))
        event.listen(self._readers, "before_flush", _refuse)
        self._current = False

    @property
    def revision(self) -> str:
        """The revision of the schema that is there; '' where there is none yet. Raise DatabaseError if unreachable."""
        try:
            with self.engine.connect() as connection:
                return MigrationContext.configure(connection).get_current_revision() or ""
        except OperationalError as error:
            raise DatabaseError(f"The database {self.shown} cannot be opened: {error.orig}") from error

    @property
    def shown(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    def upgrade(self) -> tuple[str, str]:
        """Bring the schema to this version's, in one transaction. Return the revisions before and after.

        Raises DatabaseError for a database of a newer version; nothing is changed then.
        """
        before, wanted = self.revision, _head()
        if before not in _known():
            raise DatabaseError(f"The database {self.shown} is of a newer version of Aula. Bring that version back.")
        if before != wanted:
            with self.engine.begin() as connection:
                command.upgrade(_configuration(attributes={"connection": connection}), "head")
        return before, wanted

    @contextmanager
    def session(self, actor: str = OPERATOR) -> Iterator[Session]:
        """Yield a session; commit at its end, all or nothing. What it changes is noted as the actor's doing.

        Raises DatabaseError where the schema is not today's.
        """
        self._check()
        try:
            with self._sessions.begin() as session:
                session.info["actor"] = actor
                yield session
        except IntegrityError as error:  # somebody else was faster
            raise TakenError(f"Somebody else has just written the same. Look, and try again. ({error.orig})") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads: it waits for nobody who writes, and nobody waits for it.

        Raises DatabaseError where the schema is not today's, and where something is to be changed.
        """
        self._check()
        with self._readers() as session:
            yield session

    def _check(self) -> None:
        """Look at the schema once: it changes only where nobody uses the database."""
        if not self._current:
            if self.revision != _head():
                raise DatabaseError(f"The database {self.shown} is not of this version. Run: aula people upgrade")
            self._current = True

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str, *, sqlite: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_S} if sqlite else {"connect_timeout": 10})
    if sqlite:

        @event.listens_for(engine, "connect")
        def _connected(connection, _) -> None:  # type: ignore[no-untyped-def]  # SQLite's own
            connection.isolation_level = None  # SQLAlchemy begins transactions itself, before it reads
            connection.execute("PRAGMA foreign_keys=ON")

        @event.listens_for(engine, "begin")
        def _begun(connection) -> None:  # type: ignore[no-untyped-def]  # the event gives it
            reads = connection.get_execution_options().get("reads")
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _refuse(*_: object) -> None:
    raise DatabaseError("Nothing can be changed here: this session of people's database only reads.")


def _configuration(**given: object) -> Config:
    configuration = Config(**given)  # type: ignore[arg-type]  # Alembic's own keywords
    configuration.set_main_option("script_location", str(MIGRATIONS))
    return configuration


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration())


def _head() -> str:
    return str(_scripts().get_current_head())


def _known() -> set[str]:
    return {"", *(script.revision for script in _scripts().walk_revisions())}
