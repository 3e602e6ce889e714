"""Identities: issuer and subject, to the letter, name one person; nothing else does."""

import pytest

from aula.people import identities, journal, persons
from aula.people.database import Database
from aula.people.errors import PeopleError, TakenError

ISSUER = "https://login.example.org"


def link(people: Database, name: str, issuer: str, subject: str) -> None:
    """Link an identity to somebody."""
    with people.session() as session:
        identities.link(session, persons.get(session, name), issuer, subject)


def find(people: Database, issuer: str, subject: str) -> str | None:
    """Return the name of whom an identity means."""
    with people.session() as session:
        found = identities.find(session, issuer, subject)
        return found.name if found else None


def test_an_identity_means_its_person(people: Database) -> None:
    """Somebody may have several identities; each of them means nobody else."""
    link(people, "ana", ISSUER, "1")
    link(people, "ana", "https://other.example.org", "7")
    link(people, "bora", ISSUER, "2")
    assert [find(people, ISSUER, one) for one in ("1", "2", "3")] == ["ana", "bora", None]
    assert find(people, "https://other.example.org", "7") == "ana"
    assert find(people, "https://other.example.org", "1") is None


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        (f"{ISSUER}/", "Ab"),
        ("https://LOGIN.example.org", "Ab"),
        (ISSUER, "ab"),
        (ISSUER, "Ab "),
        (ISSUER, " Ab"),
        (ISSUER, "A%"),
        (ISSUER, "\u0410b"),
        (ISSUER, ""),
        (ISSUER, "Ab\0"),
    ],
)
def test_both_count_to_the_letter(people: Database, issuer: str, subject: str) -> None:
    """What is only alike, by case, spaces, wildcards or a look-alike letter, means nobody."""
    link(people, "ana", ISSUER, "Ab")
    assert find(people, issuer, subject) is None


def test_an_identity_belongs_to_one_person(people: Database) -> None:
    """It cannot be linked to a second one; linked to its owner again, it is linked once."""
    link(people, "ana", ISSUER, "1")
    link(people, "ana", ISSUER, "1")
    with pytest.raises(TakenError, match="ana's already"):
        link(people, "bora", ISSUER, "1")
    with people.session() as session:
        noted = [change.what for change in journal.everything(session) if "identity" in change.what]
    assert noted == [f"identity 1 of {ISSUER} linked"]


def test_the_same_address_of_two_people_joins_nobody(people: Database) -> None:
    """Two people may have one e-mail address: it tells nobody apart and brings nobody together."""
    with people.session() as session:
        for name in ("ana", "bora"):
            persons.get(session, name).email = "office@nortada.example"
    link(people, "ana", ISSUER, "1")
    link(people, "bora", ISSUER, "2")
    assert (find(people, ISSUER, "1"), find(people, ISSUER, "2")) == ("ana", "bora")


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("login.example.org", "1"),
        ("javascript:alert(1)", "1"),
        (f"{ISSUER}?x=1", "1"),
        (f"{ISSUER}/{'x' * 200}", "1"),
        (ISSUER, ""),
        (ISSUER, "x" * 256),
        (ISSUER, "a\nb"),
    ],
)
def test_what_is_no_identity_is_refused(people: Database, issuer: str, subject: str) -> None:
    """An issuer is an address, a subject a line of at most 255 characters."""
    with pytest.raises(PeopleError, match="is no"):
        link(people, "ana", issuer, subject)


def test_the_longest_subject_is_kept_whole(people: Database) -> None:
    """255 characters, as the standard allows, on both kinds of database."""
    link(people, "ana", ISSUER, "x" * 255)
    assert find(people, ISSUER, "x" * 255) == "ana"
    assert find(people, ISSUER, "x" * 254) is None
