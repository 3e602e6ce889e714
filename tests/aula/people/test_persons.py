"""People: closed and opened again, operators and no longer."""

from aula.people import journal, persons
from aula.people.database import Database


def test_what_is_done_twice_is_noted_once(people: Database) -> None:
    """Closing, reopening, making an operator: each changes the person, and the journal has each change once."""
    with people.session() as session:
        before, ana = journal.version(session), persons.get(session, "ana")
        for _ in range(2):
            persons.close(session, ana)
        assert ana.closed is not None
        for _ in range(2):
            persons.reopen(session, ana)
        assert ana.closed is None
        for operator in (True, True, False, False):
            persons.make_operator(session, ana, operator=operator)
            assert ana.operator is operator
        noted = [one.what for one in journal.everything(session) if one.id > before]
    assert noted == ["person closed", "person opened again", "made an operator", "operator no longer"]


def test_a_choice_is_kept_and_taken_back(people: Database) -> None:
    """A person has no language until they choose one, can have none again, and keeps a time zone that is not named."""
    with people.session() as session:
        before, ana = journal.version(session), persons.get(session, "ana")
        assert ana.language is None
        for language in ("tr", "tr", None):
            persons.choose(session, ana, language=language, time_zone="Asia/Tokyo" if language else None)
            assert (ana.language, ana.time_zone) == (language, "Asia/Tokyo")
        noted = [one.what for one in journal.everything(session) if one.id > before]
    assert noted == ["language and time zone chosen"] * 2
