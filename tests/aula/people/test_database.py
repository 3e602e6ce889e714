"""The database of people: made, brought up to date, refused where it is newer; all or nothing."""

import time

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from aula.people import companies, persons
from aula.people.database import Database, _configuration
from aula.people.errors import DatabaseError, PeopleError, TakenError
from aula.people.tables import Password, Person, Table


def test_the_migrations_make_what_the_tables_say(empty: Database) -> None:
    """After all migrations nothing differs between the database and the tables in the code."""
    assert empty.upgrade() == ("", "0005")
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_a_second_upgrade_does_nothing(people: Database) -> None:
    """What is up to date stays as it is."""
    assert people.upgrade() == ("0005", "0005")
    with people.session() as session:
        assert [company.name for company in companies.everyone(session)] == ["ege-veri", "nortada"]


def test_who_was_there_keeps_their_language(empty: Database) -> None:
    """A database of the release before, with a password in it: people keep their languages, and can have none now."""
    with empty.engine.begin() as connection:
        command.upgrade(_configuration(attributes={"connection": connection}), "0002")
        connection.execute(
            text(
                "INSERT INTO person (name, full_name, language, time_zone, created) VALUES "
                "('ana', 'Ana Sousa', 'en', 'UTC', '2026-01-01'), ('bora', 'Bora Çelik', 'tr', 'UTC', '2026-01-01')"
            )
        )
        connection.execute(
            text("INSERT INTO password (person_id, hash, changed) SELECT id, 'a hash', created FROM person")
        )
    assert empty.upgrade() == ("0002", "0005")
    with empty.session() as session:
        assert {one.name: one.language for one in persons.everyone(session)} == {"ana": "en", "bora": "tr"}
        assert {one.person.name for one in session.scalars(select(Password))} == {"ana", "bora"}
        persons.choose(session, persons.get(session, "ana"), language=None)
        persons.add(session, "carla", "Carla Neves")
    with empty.session() as session:
        found = {one.name: one.language for one in persons.everyone(session)}
    assert found == {"ana": None, "bora": "tr", "carla": None}


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
        {"language": ""},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_what_a_person_cannot_be(wrong: dict[str, str]) -> None:
    """Names that could be a path, an option, a command or another's look-alike are refused; so is what is no value."""
    with pytest.raises(PeopleError, match=r"[.]"):
        Person(**{"name": "ana", "full_name": "Ana", **wrong})


def test_who_reads_waits_for_no_writer(people: Database) -> None:
    """While somebody's long change is not done yet others read what was there before."""
    with people.session() as writer:
        persons.add(writer, "carla", "Carla Neves")
        writer.flush()
        began = time.monotonic()
        with people.reading() as session:
            names = [person.name for person in persons.everyone(session)]
        assert time.monotonic() - began < 10
    assert names == ["ana", "bora", "ines"]


def test_who_reads_changes_nothing(people: Database) -> None:
    """A change where only reading was announced is an error, and is not there afterwards."""
    with pytest.raises(DatabaseError, match="only reads"), people.reading() as session:
        persons.add(session, "carla", "Carla Neves")
    with people.reading() as session:
        assert "carla" not in [person.name for person in persons.everyone(session)]
