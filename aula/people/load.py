"""A whole class from one document: companies, people, course runs and who is in them, all or nothing."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.catalogue import Catalogue
from aula.people import accounts, companies, enrolments, outline, passwords, persons, runs
from aula.people.errors import PeopleError
from aula.people.tables import Company, CourseRun, Enrolment, Person, Role


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewCompany(_Part):
    """A company by its short and its full name."""

    name: str
    full_name: str


class NewPerson(_Part):
    """A person; with a Unix account of their own, or a password, where the document names one."""

    name: str
    full_name: str
    email: str | None = None
    language: str | None = None
    time_zone: str = "UTC"
    account: str | None = None
    password: Annotated[str | None, Field(repr=False)] = None
    operator: bool = False


class NewRun(_Part):
    """A course run; its title is the course's unless it is given."""

    name: str
    course: str
    title: str | None = None
    first_day: date
    last_day: date
    time_zone: str


class NewEnrolment(_Part):
    """Who is in which run."""

    run: str
    person: str
    role: str = Role.TRAINEE.value
    company: str | None = None


class Document(_Part):
    """The whole document."""

    companies: tuple[NewCompany, ...] = ()
    people: tuple[NewPerson, ...] = ()
    runs: tuple[NewRun, ...] = ()
    enrolments: tuple[NewEnrolment, ...] = ()


def parse(text: str) -> Document:
    """Return a document. Raise PeopleError with a line for each mistake."""
    try:
        return Document.model_validate_json(text)
    except ValidationError as error:
        mistakes = [f"{'.'.join(map(str, one['loc'])) or 'the document'}: {one['msg']}" for one in error.errors()]
        raise PeopleError("The document cannot be loaded.\n" + "\n".join(mistakes)) from error


def load(session: Session, document: Document, catalogue: Catalogue) -> int:
    """Add what is not there yet, and return how many things that was. Who and what is there stays as it is."""
    return (
        sum(_company(session, one) for one in document.companies)
        + sum(_person(session, one) for one in document.people)
        + sum(_run(session, one, catalogue) for one in document.runs)
        + sum(_enrolment(session, one) for one in document.enrolments)
    )


def _company(session: Session, new: NewCompany) -> bool:
    if session.scalar(select(Company).where(Company.name == new.name)):
        return False
    companies.add(session, new.name, new.full_name)
    return True


def _person(session: Session, new: NewPerson) -> bool:
    if session.scalar(select(Person).where(Person.name == new.name)):
        return False
    rest = {"email": new.email, "language": new.language, "time_zone": new.time_zone}
    person = persons.add(session, new.name, new.full_name, **rest)  # type: ignore[arg-type]  # texts, each of its kind
    person.operator = new.operator
    if new.account is not None:
        accounts.adopt(session, person, new.account)
    if new.password is not None:
        passwords.set_password(session, person, new.password)
    return True


def _run(session: Session, new: NewRun, catalogue: Catalogue) -> bool:
    if session.scalar(select(CourseRun).where(CourseRun.name == new.name)):
        return False
    course = catalogue.course(new.course)
    runs.create(
        session,
        new.name,
        course=course.id,
        title=new.title or course.title,
        first_day=new.first_day,
        last_day=new.last_day,
        zone=new.time_zone,
        outline=outline.of(course),
    )
    return True


def _enrolment(session: Session, new: NewEnrolment) -> bool:
    run, person = runs.get(session, new.run), persons.get(session, new.person)
    if session.scalar(select(Enrolment).where(Enrolment.run == run, Enrolment.person == person)):
        return False
    company = companies.get(session, new.company) if new.company else None
    enrolments.enrol(session, run, person, role=new.role, company=company)
    return True
