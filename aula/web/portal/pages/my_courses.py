"""My courses: the runs somebody is in, what is due next, and the way into each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, contacts, overview
from aula.people.overview import Outlines, Place
from aula.people.tables import now
from aula.web.portal.corrections import Correction, Corrections
from aula.web.portal.declaration import Operation
from aula.web.portal.desk import Together
from aula.web.portal.page import Page, Viewer
from aula.web.portal.pages.join import CODE, COOKIE


@dataclass(frozen=True)
class Courses:
    """What the page shows."""

    viewer: Viewer
    places: list[Place]
    companies: list[tuple[str, str]]
    corrections: dict[str, tuple[Correction, ...]]


def look(session: Session, names: Sequence[str], outlines: Outlines, corrections: Corrections) -> dict[str, Courses]:
    """Return each known person's own runs with what was corrected in them, and the companies they speak for."""
    people = access.all_known(session, names)
    places = overview.places(session, people.values(), outlines)
    companies = contacts.companies_of(session, people.values())
    return {
        name: Courses(
            Viewer.of(person),
            places[person.id],
            [(company.name, company.full_name) for company in companies[person.id]],
            {place.run: corrections.of(place.run) for place in places[person.id] if place.open},
        )
        for name, person in people.items()
    }


class MyCourses(Page):
    """The first page."""

    address = "/"
    operations: ClassVar = {"get": Operation("Show my courses")}

    async def get(self) -> None:
        """Show them; who has just signed in with a code goes on to what it leads to."""
        if self.get_cookie(COOKIE) is not None and self.name is not None:
            self.go("/join")
            return
        looks: Together[Courses] = self.settings["my_courses"]
        courses = await self.asked(looks)
        self.viewer = courses.viewer
        self.show("my_courses.html", courses=courses, code_field=CODE, now=now().replace(second=0))
