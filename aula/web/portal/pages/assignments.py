"""A trainee's own assignments in a run: due when, in which state, with how many points, and what they asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, overview, requests
from aula.people.errors import NotYoursError
from aula.people.overview import Outlines, Place
from aula.people.tables import Person, now
from aula.web.portal.asked import Asked
from aula.web.portal.declaration import Operation
from aula.web.portal.desk import Together
from aula.web.portal.hand_ins import HandIns
from aula.web.portal.page import Page, SaidError, Viewer
from aula.web.portal.tasks import standings


@dataclass(frozen=True)
class Own:
    """What the database has of a person in a run."""

    viewer: Viewer
    place: Place
    asked: list[Asked]


def key(run: str, name: str) -> str:
    """Return what stands for a person in a run, among those who are looked for together."""
    return f"{run} {name}"


def look(session: Session, keys: Sequence[str], outlines: Outlines) -> dict[str, Own]:
    """Return for each person in a run, as `key` writes them, what is their own; those not in it are left out."""
    pairs = [one.split(" ", 1) for one in keys]
    people = access.all_known(session, {name for _, name in pairs})
    places = overview.places(session, people.values(), outlines)
    found = {}
    for run, name in pairs:
        person = people.get(name)
        place = person and next((one for one in places[person.id] if one.run == run), None)
        if person and place:
            asked = requests.of_person(session, access.to_learn(session, person, run), person)
            found[key(run, name)] = Own(Viewer.of(person), place, [Asked.of(one) for one in asked])
    return found


class OfOwn(Page):
    """A page about what somebody has in a run."""

    @property
    def hand_ins(self) -> HandIns:
        """The hand-in service's word."""
        found: HandIns = self.settings["hand_ins"]
        return found

    async def own(self, run: str) -> Own:
        """Return what who asks has in a run. Raises SaidError for who is not in it."""
        looks: Together[Own] = self.settings["own"]
        found = await self.together(looks, key(run, self.name or ""))
        if found is None:
            raise SaidError(404, access.NOT_YOURS)
        self.viewer = found.viewer
        return found

    async def note_looked(self, run: str, found: Own) -> None:
        """Note that who asks has read the answers that they got."""
        if any(one.new for one in found.asked):
            await self.work(partial(_looked, run=run))


def _looked(session: Session, person: Person | None, run: str) -> None:
    if person is None:
        raise NotYoursError(access.NOT_YOURS)
    requests.look(session, access.to_learn(session, person, run), person)


class Assignments(OfOwn):
    """The list."""

    address = "/runs/{run}/assignments"
    operations: ClassVar = {"get": Operation("Show my assignments in a course run, and what came of them")}

    async def get(self, run: str) -> None:
        """Show it; where the hand-in service is away, what is known without it."""
        found = await self.own(run)
        told = await self.hand_ins.of(run, found.viewer.name)
        await self.note_looked(run, found)
        self.show(
            "assignments.html",
            run=found.place,
            rows=standings(found.place.tasks, told, now()),
            asked=found.asked,
            away=told is None,
        )
