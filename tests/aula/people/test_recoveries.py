"""Recovery links: for one person, once, within hours; the newest counts; the database does not give them away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from aula.people import journal, passwords, persons, recoveries
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError
from aula.people.tables import Recovery, now

PASSWORD = "correct horse battery"


def begin(people: Database, name: str = "ana") -> str:
    """Return the token of a new link."""
    with people.session() as session:
        return recoveries.begin(session, persons.get(session, name))


def redeem(people: Database, token: str, password: str = PASSWORD) -> str:
    """Set a password by a link, and return whose."""
    with people.session("portal") as session:
        return recoveries.redeem(session, token, password).name


def works(people: Database, password: str = PASSWORD) -> bool:
    """Whether ana signs in with the password."""
    with people.session() as session:
        return passwords.check(session, "ana", password) is not None


def test_a_link_sets_a_password_once(people: Database) -> None:
    """It sets its person's password; the second time it is refused; the journal says that she did it."""
    token = begin(people)
    assert redeem(people, token) == "ana"
    with pytest.raises(RefusedError):
        redeem(people, token, "another good one")
    assert works(people)
    with people.session() as session:
        noted = [(one.actor, one.what) for one in journal.everything(session) if one.about == "ana"]
    assert noted[-2:] == [("operator", "recovery link made"), ("ana", "password set")]


@pytest.mark.parametrize("fault", ["expired", "replaced", "closed", "mistyped", "empty", "huge", "half a pair"])
def test_all_refusals_sound_the_same(people: Database, fault: str) -> None:
    """Nobody learns from a refusal whether a link exists; no password is set by it."""
    token = begin(people)
    with people.session() as session:
        if fault == "expired":
            session.query(Recovery).one().expires = now() - timedelta(seconds=1)
        elif fault == "closed":
            persons.close(session, persons.get(session, "ana"))
    if fault == "replaced":
        begin(people)
    given = {"mistyped": token[:-1], "empty": "", "huge": "x" * 1_000_000, "half a pair": "\ud800"}.get(fault, token)
    with pytest.raises(RefusedError) as caught:
        redeem(people, given)
    assert str(caught.value) == recoveries.REFUSED
    assert not works(people)


def test_a_password_that_cannot_be_taken_uses_nothing_up(people: Database) -> None:
    """After a bad choice the link still works, also where the caller went on."""
    token = begin(people)
    with people.session() as session, pytest.raises(PeopleError):
        recoveries.redeem(session, token, "short")
    assert redeem(people, token) == "ana"


def test_a_link_is_used_once_at_the_same_moment_too(people: Database) -> None:
    """Of many who open it at once, one sets the password."""
    token = begin(people)

    def attempt(number: int) -> bool:
        try:
            redeem(people, token, f"a good long password {number}")
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        outcome = list(pool.map(attempt, range(3)))
    assert sum(outcome) == 1
    assert works(people, f"a good long password {outcome.index(True)}")


def test_the_database_does_not_give_the_token_away(people: Database) -> None:
    """Only a digest is kept, and two tokens are never alike."""
    token = begin(people)
    with people.engine.connect() as connection:
        assert token not in str(connection.execute(text("SELECT * FROM recovery")).one())
    assert len({begin(people) for _ in range(20)}) == 20
    assert len(token) >= 43


def test_who_is_closed_gets_no_link(people: Database) -> None:
    """An operator reads what to do first."""
    with people.session() as session:
        persons.close(session, persons.get(session, "ana"))
    with pytest.raises(RefusedError, match="aula people reopen ana"):
        begin(people)


@pytest.mark.parametrize("hours", [0, 169])
def test_a_link_has_bounds(people: Database, hours: int) -> None:
    """No link lasts for ever."""
    with people.session() as session, pytest.raises(PeopleError):
        recoveries.begin(session, persons.get(session, "ana"), hours)
