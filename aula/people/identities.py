"""Identities: whom an identity provider means. People are told apart by issuer and subject, and by nothing else."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.people import journal
from aula.people.errors import PeopleError, TakenError
from aula.people.tables import Identity, Person
from aula.people.values import SUBJECT, TEXT

_ISSUER = re.compile(r"https?://[^\s?#\x00-\x1f]+")


def find(session: Session, issuer: str, subject: str) -> Person | None:
    """Return the person whom a provider means by a subject, or None; also one who is closed."""
    if "\0" in issuer + subject:  # PostgreSQL takes no such text
        return None
    query = select(Person).join(Identity, Identity.person_id == Person.id)
    return session.scalar(query.where(Identity.issuer == issuer, Identity.subject == subject))


def link(session: Session, person: Person, issuer: str, subject: str) -> Identity:
    """Let a person sign in as a provider's subject. Raise TakenError where it is somebody else's.

    Both count as they are written, to the letter: nothing is stripped, folded or shortened.
    """
    if not _ISSUER.fullmatch(issuer) or len(issuer) > TEXT:
        raise PeopleError(f"{issuer[:60]!r} is no issuer. Write it as the provider does, as https://login.example.org.")
    if not 1 <= len(subject) <= SUBJECT or not subject.isprintable():
        raise PeopleError(
            f"{subject[:60]!r} is no subject: the provider's own name for a person, as its tokens say it."
        )
    found = session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))
    if found is None:
        found = Identity(person=person, issuer=issuer, subject=subject)
        session.add(found)
        session.flush()
        journal.note(session, f"identity {subject} of {issuer} linked", person.name)
    elif found.person_id != person.id:
        raise TakenError(f"This identity is {found.person.name}'s already. One identity belongs to one person.")
    return found
