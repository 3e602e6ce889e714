"""Company contacts: people who speak for a company, and see its people and nobody else's."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aula.people import journal
from aula.people.errors import UnknownError
from aula.people.tables import Company, Contact, Person

_COMPANIES_OF = (
    select(Company)
    .join(Contact, Contact.company_id == Company.id)
    .where(Contact.person_id == bindparam("person"))
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


def companies_of(session: Session, person: Person) -> list[Company]:
    """Return the companies that a person speaks for, by their short names."""
    return list(session.scalars(_COMPANIES_OF, {"person": person.id}))
