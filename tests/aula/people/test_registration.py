"""Registration: by a code only, all or nothing, under a name at the hub that nobody ever had."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import pytest

from aula.people import enrolments, identities, invitations, journal, passwords, persons, registration, runs
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError, TakenError
from aula.people.tables import Account, AccountState, Person
from aula.people.values import NAME

PASSWORD = "correct horse battery"
IDENTITY = ("https://login.example.org", "f3b1")


def invite(people: Database, uses: int = 5) -> str:
    """Return the code of a new invitation to the run in Izmir."""
    with people.session() as session:
        return invitations.invite(session, runs.get(session, "hpc-izmir"), uses=uses)[1]


def register(people: Database, code: str, full_name: str = "Ana Sousa", **more: Any) -> Person:
    """Register somebody, with a password where nothing else is said."""
    with people.session("portal") as session:
        return registration.register(session, code, full_name=full_name, **(more or {"password": PASSWORD}))


def everybody(people: Database) -> set[str]:
    """Return the names of all people."""
    with people.session() as session:
        return {one.name for one in persons.everyone(session)}


def test_with_a_password(people: Database) -> None:
    """They are in the run, can sign in, and have the run's time zone."""
    found = register(people, invite(people))
    assert (found.name, found.time_zone, found.language) == ("ana-sousa", "Europe/Istanbul", None)
    with people.session() as session:
        assert passwords.check(session, "ana-sousa", PASSWORD)
        assert [one.run.name for one in enrolments.of_person(session, found)] == ["hpc-izmir"]


def test_with_an_identity(people: Database) -> None:
    """They are found by issuer and subject, have what was said of them, and no password."""
    said = {"email": "ana@nortada.example", "language": "pt", "time_zone": "Europe/Lisbon", "identity": IDENTITY}
    found = register(people, invite(people), **said)
    assert (found.email, found.language, found.time_zone) == ("ana@nortada.example", "pt", "Europe/Lisbon")
    with people.session() as session:
        assert identities.find(session, *IDENTITY) == session.get(Person, found.id)
        assert passwords.stored(session, found.name) is None


def test_it_is_their_own_doing(people: Database) -> None:
    """The journal names the new person as who did it, and goes on under the old name afterwards."""
    code = invite(people)
    with people.session("portal") as session:
        before = journal.version(session)
        registration.register(session, code, full_name="Ana Sousa", password=PASSWORD)
        journal.note(session, "something else", "x")
    with people.session() as session:
        noted = [(one.actor, one.what) for one in journal.everything(session) if one.id > before]
    assert noted == [
        ("ana-sousa", "person added"),
        ("ana-sousa", "ana-sousa enrolled as trainee"),
        ("ana-sousa", "password set"),
        ("portal", "something else"),
    ]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"code": "2345-6789-ABCD"}, RefusedError),
        ({"password": "short"}, PeopleError),
        ({"password": "ana  SOUSA sousa", "full_name": "Ana Sousa Sousa"}, PeopleError),
        ({"full_name": "Ana\nSousa"}, PeopleError),
        ({"full_name": " "}, PeopleError),
        ({"email": "no address"}, PeopleError),
        ({"language": "xx"}, PeopleError),
        ({"time_zone": "Mars/Olympus"}, PeopleError),
        ({"password": None}, PeopleError),
        ({"identity": IDENTITY}, PeopleError),
    ],
)
def test_all_or_nothing(people: Database, more: dict[str, Any], error: type[PeopleError]) -> None:
    """Whatever is wrong, nobody was added, no use of the code is gone, even where the caller goes on."""
    given = {"code": invite(people, uses=1), "full_name": "Ana Sousa", "password": PASSWORD, **more}
    with people.session() as session, pytest.raises(error):
        registration.register(session, **given)
    assert everybody(people) == {"ana", "bora", "ines"}
    with people.session() as session:
        assert [one.used for one in invitations.of_run(session, runs.get(session, "hpc-izmir"))] == [0]


def test_a_code_that_cannot_be_used_is_refused_in_the_words_of_joining(people: Database) -> None:
    """A used-up, a wrong and an archived run's code sound the same."""
    code = invite(people, uses=1)
    register(people, code)
    for given in (code, "", "2345-6789-ABCD"):
        with pytest.raises(RefusedError) as caught:
            register(people, given, "Bora Kaya")
        assert str(caught.value) == invitations.REFUSED


def test_an_identity_of_somebody_else_cannot_be_registered_again(people: Database) -> None:
    """The same identity with another code is no second person."""
    code = invite(people)
    register(people, code, identity=IDENTITY)
    with pytest.raises(TakenError):
        register(people, code, "Ana Sousa", identity=IDENTITY)
    assert "ana-sousa-2" not in everybody(people)


@pytest.mark.parametrize(
    ("full_name", "first", "second"),
    [
        ("Ana Sousa", "ana-sousa", "ana-sousa-2"),
        ("I\u015f\u0131l Şahin-Öztürk", "isil-sahin-ozturk", "isil-sahin-ozturk-2"),
        ("İbrahim ÇELİK", "ibrahim-celik", "ibrahim-celik-2"),
        ("Núria Col·lell", "nuria-collell", "nuria-collell-2"),
        ("Łukasz Ştefănescu", "lukasz-stefanescu", "lukasz-stefanescu-2"),
        ("Ελένη Παπαδοπούλου", "person", "person-2"),
        ("3rd Person; rm -rf /", "rd-person-rm-rf", "rd-person-rm-rf-2"),
        ("María del Carmen Fernández de la Vega", "maria-del-carmen-fernandez-de-l", "maria-del-carmen-fernandez-de-2"),
        ("../../etc/passwd", "etc-passwd", "etc-passwd-2"),
        ("🙂", "person", "person-2"),
    ],
)
def test_names_at_the_hub(full_name: str, first: str, second: str) -> None:
    """They are plain letters that anybody can type, whatever the full name is written in."""
    found = list(islice(registration.names(full_name), 12))
    assert found[:2] == [first, second]
    assert all(NAME.fullmatch(name) for name in found)
    assert len(set(found)) == 12


def test_no_name_is_given_twice(people: Database) -> None:
    """Not a person's, not one of the past that only the journal knows, not a Unix account's, not a reserved one."""
    with people.session() as session:
        journal.note(session, "person added", "ana-sousa-2")
        session.add(Account(name="ana-sousa-3", pooled=False, state=AccountState.TAKEN.value))
    code = invite(people)
    assert [register(people, code).name for _ in range(2)] == ["ana-sousa", "ana-sousa-4"]
    assert register(people, code, "Operator").name == "operator-2"
    assert register(people, code, "root").name == "root-2"


def test_two_of_one_name_at_the_same_moment(people: Database) -> None:
    """Both get in, under two names."""
    code = invite(people)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: register(people, code).name, range(4)))
    assert sorted(found) == ["ana-sousa", "ana-sousa-2", "ana-sousa-3", "ana-sousa-4"]


def test_the_last_place_is_given_once(people: Database) -> None:
    """Of many who register by the last use at the same moment, one is there afterwards."""
    code = invite(people, uses=1)

    def attempt(number: int) -> bool:
        try:
            register(people, code, f"Nova {'abcd'[number]}")
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert len(everybody(people)) == 4
