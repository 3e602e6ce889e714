"""Company contacts: people who speak for a company, and see its people and nobody else's."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aula.people import journal
from aula.people.errors import UnknownError
from aula.people.tables import Company, Contact, Person

_COMPANIES_OF = (
    select(Contact.person_id, Company)
    .join(Company, Contact.company_id == Company.id)
    .where(Contact.person_id.in_(bindparam("persons", expanding=True)))
    .order_by(Company.name)
)


def add(session: Session, company: Company, person: Person) -> Contact:
    """Let a person speak for a company; done twice, they do still."""
    found = session.get(Contact, (company.id, person.id))
    if found is None:
        found = Contact(company=company, person=person)
        session.add(found)
        session.flush()
        journal.note(session, f"{person.name} speaks for it", company.name)
    return found


def remove(session: Session, company: Company, person: Person) -> None:
    """Let a person speak for a company no longer. Raise UnknownError for one who does not."""
    found = session.get(Contact, (company.id, person.id))
    if found is None:
        raise UnknownError(f"{person.name} does not speak for {company.name}.")
    session.delete(found)
    journal.note(session, f"{person.name} speaks for it no longer", company.name)


def companies_of(session: Session, persons: Iterable[Person]) -> dict[int, list[Company]]:
    """Return the companies that each person speaks for, in the order of their short names, by the person's id."""
    ids = [person.id for person in persons]
    found: dict[int, list[Company]] = {number: [] for number in ids}
    for number, company in session.execute(_COMPANIES_OF, {"persons": ids}):
        found[number].append(company)
    return found
