"""The database of people: made, brought up to date, refused where it is newer; all or nothing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from aula.people import companies, persons
from aula.people.database import Database
from aula.people.errors import DatabaseError, PeopleError, TakenError
from aula.people.tables import Person, Table


def test_the_migrations_make_what_the_tables_say(empty: Database) -> None:
    """After all migrations nothing differs between the database and the tables in the code."""
    assert empty.upgrade() == ("", "0002")
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_a_second_upgrade_does_nothing(people: Database) -> None:
    """What is up to date stays as it is."""
    assert people.upgrade() == ("0002", "0002")
    with people.session() as session:
        assert [company.name for company in companies.everyone(session)] == ["ege-veri", "nortada"]


def test_nothing_is_done_in_a_database_of_another_version(people: Database) -> None:
    """A database of a newer version is neither used nor upgraded, and the message says what to do."""
    with people.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer version"):
        people.upgrade()
    opened = Database(people.url.render_as_string(hide_password=False))
    with pytest.raises(DatabaseError, match="aula people upgrade"), opened.session():
        pass
    opened.close()


def test_an_empty_database_says_what_to_do(empty: Database) -> None:
    """Who forgot to make the database reads how."""
    with pytest.raises(DatabaseError, match="aula people upgrade"), empty.session():
        pass


def test_a_mistake_takes_everything_back(people: Database) -> None:
    """What was written before an error in the same session is not there afterwards."""

    def two_people(database: Database) -> None:
        with database.session() as session:
            persons.add(session, "carla", "Carla Neves")
            persons.add(session, "ana", "Another Ana")

    with pytest.raises(TakenError):
        two_people(people)
    with people.session() as session:
        assert "carla" not in [person.name for person in persons.everyone(session)]


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////nonexistent/folder/people.sqlite"])
def test_an_address_that_cannot_be_used(url: str) -> None:
    """A wrong address is told, with how to write one or what is wrong."""
    with pytest.raises(DatabaseError, match=r"no database's address|cannot be opened"):
        Database(url).upgrade()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a;id"},
        {"name": "../x"},
        {"name": "-uroot"},
        {"name": "аna"},  # noqa: RUF001  a Cyrillic first letter
        {"name": "a" * 32},
        {"full_name": "Ana\nSousa"},
        {"full_name": ""},
        {"email": "nobody"},
        {"language": "xx"},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_what_a_person_cannot_be(wrong: dict[str, str]) -> None:
    """Names that could be a path, an option, a command or another's look-alike are refused; so is what is no value."""
    with pytest.raises(PeopleError, match=r"[.]"):
        Person(**{"name": "ana", "full_name": "Ana", **wrong})
