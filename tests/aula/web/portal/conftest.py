"""A portal that is up, with a class in its database, on SQLite or on PostgreSQL."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aula.people.database import Database
from tests.aula.people.conftest import empty, postgresql
from tests.aula.web.portal.class_of_many import People, fill
from tests.aula.web.portal.running import Running, running

__all__ = ["empty", "postgresql"]


@dataclass(frozen=True)
class Class:
    """The portal, its database, and what is known of the people in it."""

    portal: Running
    database: Database
    people: People


@pytest.fixture
def on_both(empty: Database) -> Iterator[Class]:
    """A class on each kind of database."""
    empty.upgrade()
    people = fill(empty)
    with running(empty) as portal:
        yield Class(portal, empty, people)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    """A file of SQLite with the class in it, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "people.sqlite"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    people = fill(database)
    database.close()
    return path, people


@pytest.fixture
def school(filled: tuple[Path, People], tmp_path: Path) -> Iterator[Class]:
    """A class on SQLite."""
    path, people = filled
    database = Database(f"sqlite:///{shutil.copy(path, tmp_path)}")
    with running(database) as portal:
        yield Class(portal, database, people)
