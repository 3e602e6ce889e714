"""Both kinds of database, empty, and a class to begin with."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from aula.people import companies, persons, runs
from aula.people.database import Database
from tests.aula.people.postgresql import server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own, on a socket that only this machine's root and itself see."""
    with server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/people.sqlite")
    else:
        database = Database(request.getfixturevalue("postgresql"))
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.close()


@pytest.fixture
def people(empty: Database) -> Database:
    """Two companies, three people and two runs of one course in different time zones."""
    empty.upgrade()
    with empty.session() as session:
        companies.add(session, "nortada", "Nortada, Lda.")
        companies.add(session, "ege-veri", "Ege Veri A.Ş.")
        for name, full_name in (("ana", "Ana Sousa"), ("bora", "Bora Çelik"), ("ines", "Inês Prado")):
            persons.add(session, name, full_name)
        for name, zone in (("hpc-lisbon", "Europe/Lisbon"), ("hpc-izmir", "Europe/Istanbul")):
            first, last = date(2026, 11, 2), date(2026, 11, 27)
            runs.create(session, name, course="hpc-and-slurm", title="HPC", first_day=first, last_day=last, zone=zone)
    return empty
