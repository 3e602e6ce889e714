"""What a run's trainees ask about their feedback, for those who look after it; and answering it."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, requests
from aula.people.tables import Outcome, Person
from aula.people.values import LONG_TEXT
from aula.web.portal.asked import Asked
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.hand_ins import HandIns, Told
from aula.web.portal.page import Page

ANSWER = Field("answer", message("Your answer"), type="textarea", longest=LONG_TEXT)
OUTCOME = Field("outcome", message("The mark"), required=False, choices=tuple(Outcome))


@dataclass(frozen=True)
class RunAsked:
    """A run, and what was asked there."""

    name: str
    title: str
    grades: bool
    open: int
    asked: list[Asked]


def look(session: Session, person: Person | None, name: str) -> RunAsked:
    """Return what was asked in a run, for those who look after it."""
    run, rights = access.to_run(session, person, name)
    asked = [Asked.of(one) for one in requests.of_run(session, access.to_requests(session, person, name))]
    waiting = sum(one.state == "open" for one in asked)
    return RunAsked(run.name, run.title, rights.grades and run.content is not None, waiting, asked)


class Requests(Page):
    """The list: what waits for an answer first."""

    address = "/runs/{run}/requests"
    operations: ClassVar = {"get": Operation("Show what a course run's trainees ask about their feedback")}

    async def get(self, run: str) -> None:
        """Show it, with the points that they have now."""
        found = await self.work(lambda session, person: look(session, person, run))
        hand_ins: HandIns = self.settings["hand_ins"]
        names = sorted({one.name for one in found.asked})
        told = dict(zip(names, await asyncio.gather(*(hand_ins.of(run, name) for name in names)), strict=True))
        points = {one.number: points_now(one, told[one.name]) for one in found.asked}
        self.show("requests.html", run=found, points=points, fields={"answer": ANSWER, "outcome": OUTCOME})


def points_now(asked: Asked, told: Told | None) -> float | None:
    """Return the points that the hand-in has now that somebody asked about; None where nobody tells."""
    assignment = told.assignments.get(asked.assignment) if told else None
    hand_in = assignment and assignment.hand_in(asked.hand_in)
    return hand_in.points.total if hand_in and hand_in.points else None


class Answer(Page):
    """Answering."""

    address = "/runs/{run}/requests/{number}/answer"
    operations: ClassVar = {"post": Operation("Answer a trainee's request", fields=(ANSWER, OUTCOME))}

    async def post(self, run: str, number: str) -> None:
        """Note the answer."""

        def answer(session: Session, person: Person | None) -> None:
            request = access.to_request(session, person, run, int(number))
            requests.answer(session, request, access.to_own(person), self.form["answer"], self.form["outcome"])

        await self.work(answer)
        self.go(f"/runs/{run}/requests")
