"""A company's own people, for those who speak for it."""

from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.people import access
from aula.people.tables import CourseRun, Enrolment, Person
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page

Rows = list[tuple[str, str, str]]


def look(session: Session, person: Person | None, name: str) -> tuple[str, Rows]:
    """Return a company's name, and for each of its people in a run: name, run, role."""
    company = access.to_company(session, person, name)
    query = (
        select(Person.full_name, CourseRun.title, Enrolment.role)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(CourseRun, CourseRun.id == Enrolment.run_id)
        .where(Enrolment.company_id == company.id, Enrolment.left.is_(None))
        .order_by(Person.full_name, CourseRun.starts)
    )
    return company.full_name, [(row.full_name, row.title, row.role) for row in session.execute(query)]


class CompanyPage(Page):
    """The list."""

    address = "/company/{company}"
    operations: ClassVar = {"get": Operation("Show a company's own people, and the runs that they are in")}

    async def get(self, company: str) -> None:
        """Show it."""
        full_name, rows = await self.work(lambda session, person: look(session, person, company))
        self.show("company.html", full_name=full_name, rows=rows)
