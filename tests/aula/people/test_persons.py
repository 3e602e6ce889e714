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
