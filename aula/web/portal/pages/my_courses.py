"""My courses: the runs somebody is in, what is due next, and the way into each."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, contacts, overview
from aula.people.overview import Outlines, Place
from aula.people.tables import Person, now
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page
from aula.web.portal.pages.join import CODE, COOKIE


@dataclass(frozen=True)
class Courses:
    """What the page shows."""

    places: list[Place]
    companies: list[tuple[str, str]]


def look(session: Session, person: Person | None, outlines: Outlines) -> Courses:
    """Return a person's own runs, and the companies they speak for."""
    own = access.to_own(person)
    companies = [(one.name, one.full_name) for one in contacts.companies_of(session, own)]
    return Courses(overview.places(session, own, outlines), companies)


class MyCourses(Page):
    """The first page."""

    address = "/"
    operations: ClassVar = {"get": Operation("Show my courses")}

    async def get(self) -> None:
        """Show them; who has just signed in with a code goes on to what it leads to."""
        if self.get_cookie(COOKIE) is not None and self.name is not None:
            self.go("/join")
            return
        outlines: Outlines = self.settings["outlines"]
        courses = await self.work(lambda session, person: look(session, person, outlines))
        self.show("my_courses.html", courses=courses, code_field=CODE, now=now().replace(second=0))
