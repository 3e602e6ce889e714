"""People: those who sign in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.people import accounts, journal
from aula.people.errors import TakenError, UnknownError
from aula.people.tables import Person, now


def add(
    session: Session,
    name: str,
    full_name: str,
    *,
    email: str | None = None,
    language: str | None = None,
    time_zone: str = "UTC",
) -> Person:
    """Add a person; without a language it is their browser that decides. Raise TakenError for a name that is taken."""
    if session.scalar(select(Person).where(Person.name == name)):
        raise TakenError(f"There is a person {name} already.")
    person = Person(name=name, full_name=full_name, email=email, language=language, time_zone=time_zone)
    session.add(person)
    session.flush()
    journal.note(session, "person added", name)
    return person


def get(session: Session, name: str) -> Person:
    """Return a person by their name at the hub. Raise UnknownError where there is none."""
    found = session.scalar(select(Person).where(Person.name == name))
    if found is None:
        raise UnknownError(f"There is no person {name!r}. Add them: aula people add {name} 'FULL NAME'")
    return found


def everyone(session: Session) -> list[Person]:
    """Return all people by their names at the hub."""
    return list(session.scalars(select(Person).order_by(Person.name)))


def close(session: Session, person: Person) -> None:
    """Close a person: they cannot sign in any more; what they did stays. Done twice, they are closed still.

    A lent account goes back to the pool.
    """
    if person.closed is None:
        person.closed = now()
        journal.note(session, "person closed", person.name)
        accounts.release(session, person)


def reopen(session: Session, person: Person) -> None:
    """Let a closed person sign in again, with an account where they are in an open run. Raises RefusedError."""
    if person.closed is not None:
        person.closed = None
        journal.note(session, "person opened again", person.name)
        accounts.provide_again(session, person)


def make_operator(session: Session, person: Person, *, operator: bool) -> None:
    """Let a person see every course run, or no longer."""
    if person.operator != operator:
        person.operator = operator
        journal.note(session, "made an operator" if operator else "operator no longer", person.name)


def choose(session: Session, person: Person, *, language: str | None, time_zone: str | None = None) -> None:
    """Note the language that a person reads, None for their browser's; and the time zone of their clocks, if given."""
    before = (person.language, person.time_zone)
    person.language, person.time_zone = language, time_zone or person.time_zone
    if (person.language, person.time_zone) != before:
        journal.note(session, "language and time zone chosen", person.name)
