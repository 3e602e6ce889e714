"""Companies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.people import journal
from aula.people.errors import TakenError, UnknownError
from aula.people.tables import Company


def add(session: Session, name: str, full_name: str) -> Company:
    """Add a company. Raise TakenError where the short name is taken."""
    if session.scalar(select(Company).where(Company.name == name)):
        raise TakenError(f"There is a company {name} already.")
    company = Company(name=name, full_name=full_name)
    session.add(company)
    session.flush()
    journal.note(session, "company added", name)
    return company


def get(session: Session, name: str) -> Company:
    """Return a company by its short name. Raise UnknownError where there is none."""
    found = session.scalar(select(Company).where(Company.name == name))
    if found is None:
        raise UnknownError(f"There is no company {name!r}. Add it: aula company add {name} NAME")
    return found


def everyone(session: Session) -> list[Company]:
    """Return all companies by their short names."""
    return list(session.scalars(select(Company).order_by(Company.name)))
