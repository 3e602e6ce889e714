"""Invitations: limited in time and uses, revocable, unguessable; and the last place is given once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from aula.people import companies, enrolments, invitations, persons, runs
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError
from aula.people.tables import Invitation, now


def invite(people: Database, *, uses: int = 2, run: str = "hpc-lisbon") -> str:
    """Return the code of a new invitation of trainees of Nortada."""
    with people.session() as session:
        company = companies.get(session, "nortada")
        return invitations.invite(session, runs.get(session, run), company=company, uses=uses)[1]


def join(people: Database, code: str, name: str) -> tuple[str, str, str]:
    """Let somebody join and return run, role and company."""
    with people.session() as session:
        made = invitations.join(session, code, persons.get(session, name))
        return made.run.name, made.role, made.company.name if made.company else ""


def used(people: Database) -> int:
    """Return how often the only invitation was used."""
    with people.session() as session:
        return invitations.of_run(session, runs.get(session, "hpc-lisbon"))[0].used


def test_a_code_lets_people_join_its_run(people: Database) -> None:
    """Who has the code joins its run, in its role, for its company; however they type it."""
    code = invite(people)
    assert join(people, code, "ana") == ("hpc-lisbon", "trainee", "nortada")
    assert join(people, f" {code.lower().replace('-', ' ')}\n", "bora") == ("hpc-lisbon", "trainee", "nortada")


def test_who_is_there_already_uses_up_nothing(people: Database) -> None:
    """The same person joining again changes nothing."""
    code = invite(people)
    assert join(people, code, "ana") == join(people, code, "ana")
    assert used(people) == 1


def test_a_code_works_for_so_many_people(people: Database) -> None:
    """After the last use the next person is refused."""
    code = invite(people, uses=1)
    join(people, code, "ana")
    with pytest.raises(RefusedError):
        join(people, code, "bora")


def test_the_last_place_is_given_once(people: Database) -> None:
    """Of many who use the last place at the same moment, one gets it."""
    code = invite(people, uses=1)

    def attempt(name: str) -> bool:
        try:
            join(people, code, name)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(attempt, ["ana", "bora", "ines"])) == 1
    assert used(people) == 1


@pytest.mark.parametrize("fault", ["expired", "revoked", "archived", "mistyped", "empty"])
def test_all_refusals_sound_the_same(people: Database, fault: str) -> None:
    """Nobody learns from a refusal whether a code exists; nobody is enrolled by it."""
    code = invite(people)
    with people.session() as session:
        run = runs.get(session, "hpc-lisbon")
        invitation = invitations.of_run(session, run)[0]
        if fault == "expired":
            invitation.expires = now() - timedelta(seconds=1)
        elif fault == "revoked":
            invitations.revoke(session, invitation.id)
        elif fault == "archived":
            runs.archive(session, "hpc-lisbon")
    given = {"mistyped": "2" + code[1:] if code[0] != "2" else "3" + code[1:], "empty": ""}.get(fault, code)
    with pytest.raises(RefusedError) as caught:
        join(people, given, "ana")
    assert str(caught.value) == invitations.REFUSED
    with people.session() as session:
        assert enrolments.present(session, runs.get(session, "hpc-lisbon")) == []


def test_the_database_does_not_give_the_code_away(people: Database) -> None:
    """No column of an invitation holds the code, with or without its dashes."""
    code = invite(people)
    with people.engine.connect() as connection:
        row = str(connection.execute(text("SELECT * FROM invitation")).one())
    assert code not in row
    assert code.replace("-", "") not in row


def test_codes_do_not_repeat_and_hold_no_letters_that_people_confuse(people: Database) -> None:
    """A hundred codes are a hundred different ones of twelve characters out of thirty."""
    with people.session() as session:
        run = runs.get(session, "hpc-lisbon")
        codes = {invitations.invite(session, run)[1] for _ in range(100)}
    assert len(codes) == 100
    assert not set("".join(codes)) & set("01OILU")
    assert all(len(code.replace("-", "")) == 12 for code in codes)
    assert len(invitations.ALPHABET) ** 12 > 2**58


@pytest.mark.parametrize("wrong", [{"uses": 0}, {"uses": 1001}, {"days": 0}, {"days": 367}, {"role": "operator"}])
def test_invitations_have_bounds(people: Database, wrong: dict[str, object]) -> None:
    """An invitation for everybody, for ever, or for more than a role in a run, cannot be made."""
    with pytest.raises(PeopleError), people.session() as session:
        invitations.invite(session, runs.get(session, "hpc-lisbon"), **wrong)  # type: ignore[arg-type]
    with people.session() as session:
        assert session.query(Invitation).count() == 0
