"""Registration: somebody who is not known yet becomes a person, by a code that lets them join a course run."""

import itertools
import unicodedata

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aula.people import identities, invitations, journal, passwords, persons
from aula.people.errors import PeopleError
from aula.people.tables import Account, Change, Person

RESERVED = {journal.OPERATOR, "operators", "admin", "administrator", "root", "hub", "portal", "book", "user", "aula"}
"""Names that would be taken for somebody else's."""
LONGEST = 31
LETTERS = str.maketrans(
    {"\u0131": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "·": ""}
)
"""Letters that Unicode does not take apart into a Latin letter and a mark; the first is Turkish, i without a dot."""


def register(
    session: Session,
    code: str,
    *,
    full_name: str,
    email: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    password: str | None = None,
    identity: tuple[str, str] | None = None,
) -> Person:
    """Make a person who joins by a code, and signs in with a password, or as (issuer, subject). All of it, or nothing.

    Without a time zone they get their course run's. Raises RefusedError as `invitations.join` does; TakenError for an
    identity that is somebody's already.
    """
    if (password is None) == (identity is None):
        raise PeopleError("A person signs in with a password, or through an identity provider: give one of the two.")
    with session.begin_nested():
        person = _add(session, full_name, email=email, language=language, time_zone=time_zone or "UTC")
        with journal.acting(session, person.name):
            enrolment = invitations.join(session, code, person)
            if time_zone is None:
                person.time_zone = enrolment.run.time_zone
            if identity is not None:
                identities.link(session, person, *identity)
            if password is not None:
                passwords.set_password(session, person, password)
    return person


def _add(session: Session, full_name: str, *, email: str | None, language: str | None, time_zone: str) -> Person:
    """Add the person under the first name that is free, whoever else registers at this moment."""
    for name in names(full_name):
        if _used(session, name):
            continue
        try:
            with session.begin_nested(), journal.acting(session, name):
                return persons.add(session, name, full_name, email=email, language=language, time_zone=time_zone)
        except IntegrityError:  # somebody of the same name was faster: take the next
            continue
    raise AssertionError("the names never end")


def names(full_name: str) -> "itertools.chain[str]":
    """Return names at the hub for a full name, the best first, without end: ana-sousa, ana-sousa-2, …"""
    plain = unicodedata.normalize("NFKD", full_name.casefold().translate(LETTERS)).encode("ascii", "ignore").decode()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    base = "-".join(words).lstrip("0123456789-")[:LONGEST].rstrip("-") or "person"
    numbered = (_numbered(base, number) for number in itertools.count(2))
    return itertools.chain([base], numbered)


def _numbered(base: str, number: int) -> str:
    ending = f"-{number}"
    return base[: LONGEST - len(ending)].rstrip("-") + ending


def _used(session: Session, name: str) -> bool:
    """Whether a name is, or was ever, somebody's or something's."""
    return (
        name in RESERVED
        or session.scalar(select(Person.id).where(Person.name == name)) is not None
        or session.scalar(select(Account.id).where(Account.name == name)) is not None
        or session.scalar(select(Change.id).where(or_(Change.about == name, Change.actor == name)).limit(1)) is not None
    )
