"""The class at a glance, for those who grade: who has begun, who is stuck on what, how the points are; what to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.glance.model import Assignment, Class, Work
from aula.glance.summary import Summary, summarise
from aula.locale import message
from aula.people import access, enrolments
from aula.people.tables import Person, Role
from aula.people.values import NAME
from aula.web.portal.declaration import PARAMETERS, Field, Operation
from aula.web.portal.formgraders import Formgraders
from aula.web.portal.page import Page

COMPANY = Field("company", message("Company"), required=False, pattern=NAME.pattern)
ASSIGNMENT = Field("assignment", message("Assignment"), required=False, pattern=PARAMETERS["assignment"].pattern)


@dataclass(frozen=True)
class Trainee:
    """Somebody who learns in the run."""

    name: str
    full_name: str
    company: str
    """Its short name; nothing where nobody sent them."""


@dataclass(frozen=True)
class Classroom:
    """A run, who learns in it, by full name, whom companies sent, and what the assignments are called."""

    name: str
    title: str
    trainees: list[Trainee]
    companies: dict[str, str]
    titles: dict[str, str]

    def of(self, company: str | None) -> list[Trainee]:
        """Return those whom a company sent, or all."""
        return [one for one in self.trainees if company in (None, one.company)]


@dataclass(frozen=True)
class Row:
    """A trainee, with their work in each assignment."""

    trainee: Trainee
    work: list[Work]


def classroom(session: Session, person: Person | None, name: str) -> Classroom:
    """Return the run for those who grade in it."""
    run = access.to_grading(session, person, name)
    present = [one for one in enrolments.present(session, run) if one.role == Role.TRAINEE]
    found = [Trainee(one.person.name, one.person.full_name, one.company.name if one.company else "") for one in present]
    sent = {one.company.name: one.company.full_name for one in present if one.company}
    return Classroom(
        run.name,
        run.title,
        sorted(found, key=lambda one: one.full_name.casefold()),
        dict(sorted(sent.items(), key=lambda one: one[1].casefold())),
        {one.name: one.title for one in run.assignments},
    )


def chosen(told: Class, name: str | None) -> Assignment | None:
    """Return the assignment that was asked for, else that in which something happened last, if there is one."""

    def last(one: Assignment) -> datetime | None:
        return max((at for work in one.work.values() if (at := work.at or work.began)), default=None)

    for one in told.assignments:
        if one.name == name:
            return one
    busy = [(at, one) for one in told.assignments if (at := last(one))]
    return max(busy, key=lambda one: one[0])[1] if busy else next(iter(told.assignments), None)


class OfClass(Page):
    """What asks the run's formgrader."""

    @property
    def formgraders(self) -> Formgraders:
        """The formgraders' word about classes."""
        found: Formgraders = self.settings["formgraders"]
        return found

    async def classroom(self, run: str) -> Classroom:
        """Return whom it is about."""
        return await self.work(lambda session, person: classroom(session, person, run))


class ClassPage(OfClass):
    """The class."""

    address = "/runs/{run}/class"
    operations: ClassVar = {"get": Operation("Show a course run's class at a glance", fields=(COMPANY, ASSIGNMENT))}

    async def get(self, run: str) -> None:
        """Show it; while a batch runs the page comes again by itself."""
        room = await self.classroom(run)
        told = await self.formgraders.look(run)
        company = self.form["company"] if self.form["company"] in room.companies else None
        people = room.of(company)
        found: list[Summary] = [summarise(one, [who.name for who in people], told.at) for one in told.assignments]
        picked = chosen(told, self.form["assignment"])
        self.show(
            "class.html",
            run=room,
            company=company,
            people={one.name: one for one in people},
            told=told,
            summaries=found,
            picked=next((one for one in found if one.assignment is picked), None),
            rows=[Row(one, [each.of(one.name) for each in told.assignments]) for one in people],
            batch=await self.formgraders.batch(run, picked.name) if picked else None,
        )


class GradeAll(OfClass):
    """The button that grades all."""

    address = "/runs/{run}/class/{assignment}/grade"
    operations: ClassVar = {"post": Operation("Collect what was handed in of an assignment, and grade it")}

    async def post(self, run: str, assignment: str) -> None:
        """Have it done, and show how far it is."""
        await self.classroom(run)
        await self.formgraders.grade(run, assignment, self.name or "")
        self.go(f"/runs/{run}/class?assignment={assignment}#one")


class ReleaseFeedback(OfClass):
    """The button that releases feedback."""

    address = "/runs/{run}/class/{assignment}/feedback"
    operations: ClassVar = {"post": Operation("Release the feedback on an assignment")}

    async def post(self, run: str, assignment: str) -> None:
        """Have it done, and show how far it is."""
        await self.classroom(run)
        await self.formgraders.feedback(run, assignment, self.name or "")
        self.go(f"/runs/{run}/class?assignment={assignment}#one")
