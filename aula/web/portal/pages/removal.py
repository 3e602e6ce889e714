"""Letting somebody go from a run, after asking whether it is meant."""

from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, enrolments
from aula.people.tables import Person
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page


class Removal(Page):
    """The question, and its answer."""

    address = "/runs/{run}/people/{person}/remove"
    operations: ClassVar = {
        "get": Operation("Ask whether somebody shall leave a course run"),
        "post": Operation("Let somebody go from a course run"),
    }

    async def get(self, run: str, person: str) -> None:
        """Ask."""

        def look(session: Session, viewer: Person | None) -> tuple[str, str]:
            enrolment = access.to_member(session, viewer, run, person)
            return enrolment.person.full_name, enrolment.run.title

        full_name, title = await self.work(look)
        self.show("removal.html", run=run, person=person, full_name=full_name, title=title)

    async def post(self, run: str, person: str) -> None:
        """Let them go."""

        def leave(session: Session, viewer: Person | None) -> None:
            enrolment = access.to_member(session, viewer, run, person)
            enrolments.leave(session, enrolment.run, enrolment.person)

        await self.work(leave)
        self.go(f"/runs/{run}")
