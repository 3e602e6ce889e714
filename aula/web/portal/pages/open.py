"""The way from a page of the book into one's own JupyterLab."""

from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, overview
from aula.people.tables import Person
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page


def own_run(session: Session, person: Person | None, course: str, file: str) -> str | None:
    """Return the person's own run of a course that has this lesson and is ready: the latest."""
    own = access.to_own(person)
    places = overview.places(session, [own])[own.id]
    fitting = [
        place.run
        for place in places
        if place.course == course and place.open and place.ready and any(one.file == file for one in place.lessons)
    ]
    return fitting[0] if fitting else None


class Open(Page):
    """The button's address."""

    address = "/open/{course}/{file}"
    operations: ClassVar = {"get": Operation("Open a lesson of the book in my own JupyterLab")}

    async def get(self, course: str, file: str) -> None:
        """Open it where the person takes part in the course; else ask for a code."""
        run = await self.work(lambda session, person: own_run(session, person, course, file))
        if run is None:
            self.go("/join", course=course)
        else:
            self.go_to_hub(f"user-redirect/lab/tree/courses/{run}/lessons/{file}.ipynb")
