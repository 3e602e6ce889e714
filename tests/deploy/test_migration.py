"""Upgrading one database: whole or not at all, a copy kept, and what is forged or broken left alone."""

import importlib.util
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from deploy.classroom import databases, migration

# Upgrades the toy database below, as alembic would.
ADD_A_COLUMN = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1].removeprefix("sqlite:///"))
database.executescript("ALTER TABLE people ADD COLUMN town; UPDATE alembic_version SET version_num = 'b2'")
"""
UPGRADES = [sys.executable, "-c", ADD_A_COLUMN, "{url}"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of revision a1 with one row, that only its owner can read."""
    found = tmp_path / "toy.db"
    with closing(sqlite3.connect(found, isolation_level=None)) as database:
        database.executescript("""
            CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('a1');
            CREATE TABLE people (name); INSERT INTO people VALUES ('ana');
        """)
    found.chmod(0o600)
    return found


def rows(path: Path) -> list[tuple[object, ...]]:
    """Return everybody in a toy database."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT * FROM people").fetchall()


def beside(path: Path) -> list[str]:
    """Return what lies beside a database."""
    return sorted(other.name for other in path.parent.iterdir() if other != path)


def test_an_old_database_is_upgraded_and_kept(path: Path) -> None:
    """The database is new, what it was lies beside it under a dated name, both readable by their owner alone."""
    kept = migration.upgrade(path, "b2", UPGRADES)
    assert (migration.revision(path), rows(path)) == ("b2", [("ana", None)])
    assert (migration.revision(kept), rows(kept)) == ("a1", [("ana",)])
    assert beside(path) == [kept.name]
    assert kept.name.startswith("toy.db.20")
    assert [one.stat().st_mode & 0o777 for one in (path, kept)] == [0o600, 0o600]


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-c", ADD_A_COLUMN + "raise SystemExit('no room')", "{url}"],  # it fails half-way
        [sys.executable, "-c", "print('no room')"],  # it says that it worked, and did nothing
    ],
)
def test_an_upgrade_that_fails_changes_nothing(path: Path, command: list[str]) -> None:
    """Where the upgrade fails, the database is what it was to the byte, and the error says what was said."""
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="no room"):
        migration.upgrade(path, "b2", command)
    assert path.read_bytes() == before


def test_a_killed_upgrade_can_be_repeated(path: Path) -> None:
    """An upgrade killed in its midst leaves the database as it was; the next one does it all, and tidies up."""
    program = (
        "import sys; from deploy.classroom import migration; from pathlib import Path;"
        "migration.upgrade(Path(sys.argv[1]), 'b2', ['kill', '-KILL', sys.argv[2]])"
    )
    slain = [sys.executable, "-c", "import os, sys; sys.argv[2:] = [str(os.getpid())]; " + program, str(path), ""]
    assert subprocess.run(slain, check=False, timeout=30).returncode == -9
    assert migration.revision(path) == "a1"
    kept = migration.upgrade(path, "b2", UPGRADES)
    assert (migration.revision(path), beside(path)) == ("b2", [kept.name])


def test_an_upgrade_waits_for_one_that_is_still_at_work(path: Path) -> None:
    """Two at once, as when a `make up` was killed and repeated: one upgrades, the other finds it done."""
    slow = [sys.executable, "-c", "import time; time.sleep(0.5)" + ADD_A_COLUMN, "{url}"]
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: migration.upgrade(path, "b2", slow), range(2))
    assert first == second
    assert (rows(path), beside(path)) == ([("ana", None)], [first.name])


def test_only_the_last_copies_are_kept(path: Path) -> None:
    """The oldest copies go, three stay; a file that a person put there stays too."""
    for number in range(4):
        (path.parent / f"toy.db.2020-01-0{number + 1}-120000.a{number}").write_text("")
    (path.parent / "toy.db.mine").write_text("")
    kept = migration.upgrade(path, "b2", UPGRADES)
    wanted = ["toy.db.2020-01-03-120000.a2", "toy.db.2020-01-04-120000.a3", kept.name, "toy.db.mine"]
    assert beside(path) == wanted


def test_what_a_killed_program_left_is_taken_back_first(path: Path) -> None:
    """A transaction that was cut is rolled back before the copy is made, and is not let loose on the new database."""
    program = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN")
database.executemany("INSERT INTO people VALUES (?)", [("x" * 500,)] * 2000)
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", program, path], check=False, timeout=30).returncode == 9
    assert (path.parent / "toy.db-journal").stat().st_size > 0
    migration.upgrade(path, "b2", UPGRADES)
    assert rows(path) == [("ana", None)]
    assert not (path.parent / "toy.db-journal").exists()


def test_no_database_has_no_revision(tmp_path: Path) -> None:
    """What is missing, empty, or a link to nowhere has no revision, and none is made there."""
    (tmp_path / "empty.db").write_text("")
    assert [migration.revision(tmp_path / name) for name in ("missing.db", "empty.db")] == ["", ""]
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize(("package", "known"), [("jupyterhub", databases.HUB), ("nbgrader", databases.GRADEBOOK)])
def test_every_migration_is_known(package: str, known: tuple[str, ...]) -> None:
    """The revisions that stand in our code are those of the locked JupyterHub and nbgrader, in their order."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    scripts = ScriptDirectory(str(Path(spec.origin).parent / "alembic"))
    assert known == tuple(script.revision for script in scripts.walk_revisions())[::-1]
