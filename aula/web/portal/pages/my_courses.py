"""My courses: the runs somebody is in, what is due next, and the way into each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, contacts, overview, requests
from aula.people.overview import Outlines, Place
from aula.people.tables import now
from aula.web.portal import tasks
from aula.web.portal.corrections import Correction, Corrections
from aula.web.portal.declaration import Operation
from aula.web.portal.desk import Together
from aula.web.portal.page import Viewer
from aula.web.portal.pages.assignments import OfOwn
from aula.web.portal.pages.join import CODE, COOKIE

KNOWN_S, PATIENCE_S = 30, 1.0
"""How old the hand-in service's word may be on this page, and how long the page waits for it."""


@dataclass(frozen=True)
class Courses:
    """What the page shows."""

    viewer: Viewer
    places: list[Place]
    companies: list[tuple[str, str]]
    corrections: dict[str, tuple[Correction, ...]]
    answers: dict[str, int]


def look(session: Session, names: Sequence[str], outlines: Outlines, corrections: Corrections) -> dict[str, Courses]:
    """Return each known person's own runs with what was corrected in them, and the companies they speak for."""
    people = access.all_known(session, names)
    places = overview.places(session, people.values(), outlines)
    companies = contacts.companies_of(session, people.values())
    answers = requests.unseen(session, people.values())
    return {
        name: Courses(
            Viewer.of(person),
            places[person.id],
            [(company.name, company.full_name) for company in companies[person.id]],
            {place.run: corrections.of(place.run) for place in places[person.id] if place.open},
            answers[person.id],
        )
        for name, person in people.items()
    }


class MyCourses(OfOwn):
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
        moment = now().replace(second=0)
        mine = await asyncio.gather(*(self._own(place, moment) for place in courses.places))
        self.show("my_courses.html", courses=courses, places=mine, code_field=CODE, now=moment)

    async def _own(self, place: Place, moment: datetime) -> tuple[Place, str]:
        """Return a run with one's own due dates and the state of what is due next, if the service tells in time."""
        if not (place.open and place.ready) or place.staff or self.name is None:
            return place, ""
        asked = self.hand_ins.of(place.run, self.name, seconds=KNOWN_S)
        try:
            return tasks.own(place, await asyncio.wait_for(asked, PATIENCE_S), moment)
        except TimeoutError:
            return place, ""
