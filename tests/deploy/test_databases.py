"""The class's own databases: real ones of JupyterHub and nbgrader, made older or newer than the programs."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from jupyterhub import orm  # type: ignore[import-untyped]  # jupyterhub has no types

from deploy import demo
from deploy.classroom import databases, migration, places
from deploy.classroom.databases import Database
from deploy.errors import SchemaError
from deploy.settings import CHECKOUT, Settings
from tests import older

MAKE_A_GRADEBOOK = """
import sys
from nbgrader.api import Gradebook
with Gradebook(f"sqlite:///{sys.argv[1]}", "a-run") as book:
    book.add_student("ana")
    book.add_assignment("first-job")
    book.add_submission("first-job", "ana")
"""


@pytest.fixture
def mine(settings: Settings, me: str) -> Settings:
    """A classroom whose hub and course run are the account that runs the tests."""
    site = replace(demo.site(settings), hub_account=me, portal_account=me, run_accounts=(me,))
    found = replace(settings, described=site)
    places.of(found, "a-run")
    for database in databases.everything(found):
        database.path.parent.mkdir(parents=True)
    return found


def programs(database: Database) -> Database:
    """Let a database be upgraded by this environment's JupyterHub and nbgrader."""
    return replace(database, environment=Path(sys.prefix))


@pytest.fixture
def hub(mine: Settings) -> Database:
    """The hub's database, as today's JupyterHub makes it, with one person."""
    found = programs(databases.hub(mine))
    session = orm.new_session_factory(f"sqlite:///{found.path}")()
    session.add(orm.User(name="ana"))
    session.commit()
    session.close()
    session.get_bind().dispose()
    return found


@pytest.fixture(scope="module")
def made_by_nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with one submission, made by nbgrader in a process of its own: it warns of itself."""
    path = tmp_path_factory.mktemp("nbgrader") / "gradebook.db"
    environment = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin"}  # nbgrader calls alembic
    subprocess.run([sys.executable, "-c", MAKE_A_GRADEBOOK, path], env=environment, check=True, timeout=60)
    return path


@pytest.fixture
def gradebook(mine: Settings, made_by_nbgrader: Path) -> Database:
    """The gradebook, as today's nbgrader makes it, with one submission."""
    found = programs(databases.gradebook(mine, places.of(mine, "a-run")))
    shutil.copy(made_by_nbgrader, found.path)
    return found


def ask(database: Database, query: str) -> list[tuple[object, ...]]:
    """Ask a database."""
    with closing(sqlite3.connect(database.path)) as open_database:
        return open_database.execute(query).fetchall()


def test_the_hubs_old_database_is_upgraded(mine: Settings, hub: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """JupyterHub's own migrations run, people stay, and what was done is said: from where, to where, what is kept."""
    older.hub(hub.path)
    databases.upgrade(mine, hub)
    assert migration.revision(hub.path) == databases.HUB[-1]
    assert ask(hub, "SELECT name, user_info FROM users") == [("ana", None)]
    said = capsys.readouterr().out
    assert f"hub, {older.HUB} -> {databases.HUB[-1]}" in said
    kept = re.search(r"As it was before: (\S+)", said)
    assert kept
    assert migration.revision(Path(kept.group(1))) == older.HUB


def test_an_old_gradebook_is_upgraded(mine: Settings, gradebook: Database) -> None:
    """nbgrader's own migrations run, and submissions stay."""
    older.gradebook(gradebook.path)
    databases.upgrade(mine, gradebook)
    assert migration.revision(gradebook.path) == databases.GRADEBOOK[-1]
    assert ask(gradebook, "SELECT student_id FROM submitted_assignment") == [("ana",)]
    assert ask(gradebook, "SELECT name, course_id FROM assignment") == [("first-job", "default_course")]


def test_a_current_database_is_not_touched(
    mine: Settings, gradebook: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, kept or said, and no program of nbgrader's is started."""
    before = (gradebook.path.read_bytes(), gradebook.path.stat().st_mtime_ns, gradebook.path.stat().st_ino)
    databases.upgrade(mine, replace(gradebook, environment=Path("/nowhere"), command=("false",)))
    assert (gradebook.path.read_bytes(), gradebook.path.stat().st_mtime_ns, gradebook.path.stat().st_ino) == before
    assert [path.name for path in gradebook.path.parent.iterdir()] == ["gradebook.db"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("which", ["hub", "gradebook"])
def test_a_newer_database_is_refused(mine: Settings, which: str, request: pytest.FixtureRequest) -> None:
    """Before anything else, the error names the database and what to do; the database is what it was."""
    database: Database = request.getfixturevalue(which)
    older.stamp(database.path, "feedc0ffee00")
    before = database.path.read_bytes()
    with pytest.raises(SchemaError, match=r"newer version.*feedc0ffee00.*operations\.md") as error:
        databases.check(mine)
    assert str(database.path) in str(error.value)
    with pytest.raises(SchemaError):
        databases.upgrade(mine, database)
    assert database.path.read_bytes() == before


def test_our_own_revisions_are_the_migrations_of_people() -> None:
    """The schemas that the deployment knows are those that aula.people has, in their order."""
    folder = CHECKOUT / "aula" / "people" / "migrations" / "versions"
    assert [path.name[:4] for path in sorted(folder.glob("*.py"))] == list(databases.PEOPLE)


def test_what_is_no_database_is_told(mine: Settings) -> None:
    """A file that SQLite cannot read is an error that names it, not a traceback."""
    path = databases.hub(mine).path
    path.write_text("this is no database, and long enough to be sure of that" * 20)
    with pytest.raises(SchemaError, match="not a database") as error:
        databases.check(mine)
    assert str(path) in str(error.value)


def test_a_class_that_was_never_up_has_nothing_to_check(settings: Settings) -> None:
    """Where neither account nor database exists, nothing is done, and nothing is made."""
    databases.check(settings)
    databases.upgrade(settings, databases.hub(settings))
    assert not settings.state.exists()
