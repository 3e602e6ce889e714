"""The feedback on something that was handed in: its pages, in which nothing runs, the receipt, what is said about it.

A page of feedback holds what a trainee's code has put out, and is data from an enemy. It is served so that a browser
gives it an origin of its own, runs nothing in it, and fetches nothing for it; it is shown in a frame.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, requests
from aula.people.tables import Kind, Person, Request, now
from aula.people.values import LONG_TEXT
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.hand_ins import HandIn
from aula.web.portal.page import POLICY, SaidError
from aula.web.portal.pages.assignments import OfOwn, Own
from aula.web.portal.tasks import Standing, standings

ADDRESS = "/runs/{run}/assignments/{assignment}/{number}"
PAGE = ".html"
NO_PAGE = message("There is no feedback here, or the hand-in service does not answer. Try again in a minute.")
SANDBOX = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
KIND = Field("kind", message("What it is"), choices=tuple(Kind))
NOTEBOOK = Field("notebook", message("Notebook"), required=False)
CELL = Field("cell", message("Which task or cell"), hint=message("If it is about one."), required=False, longest=100)
TEXT = Field("text", message("What you want to say"), type="textarea", longest=LONG_TEXT)


@dataclass(frozen=True)
class Piece:
    """A page of feedback: the notebook that it is about, and its address below that of the hand-in."""

    notebook: str
    file: str


class OfHandIn(OfOwn):
    """What is about one hand-in of who asks."""

    async def found(self, run: str, assignment: str, number: str) -> tuple[Own, Standing, HandIn]:
        """Return what its sender has in the run, how they stand, and a hand-in; raise SaidError for none."""
        mine = await self.own(run)
        told = await self.hand_ins.of(run, mine.viewer.name)
        if told is None and self.hand_ins.address:
            raise SaidError(503, NO_PAGE)
        standing = next((one for one in standings(mine.place.tasks, told, now()) if one.name == assignment), None)
        hand_ins = standing.hand_ins if standing else ()
        hand_in = next((one for one in hand_ins if one.number == int(number)), None)
        if standing is None or hand_in is None:
            raise SaidError(404, access.NOT_YOURS)
        return mine, standing, hand_in


class Feedback(OfHandIn):
    """Our page around the pages of feedback."""

    address = ADDRESS
    operations: ClassVar = {
        "get": Operation("Show the feedback on something that I handed in"),
        "post": Operation("Say something about the feedback on what I handed in", fields=(KIND, NOTEBOOK, CELL, TEXT)),
    }

    async def get(self, run: str, assignment: str, number: str) -> None:
        """Show it."""
        mine, standing, hand_in = await self.found(run, assignment, number)
        await self.note_looked(run, mine)
        self.set_header("Content-Security-Policy", f"{POLICY}; frame-src 'self'")
        self.show(
            "feedback.html",
            run=mine.place,
            task=standing,
            hand_in=hand_in,
            pieces=[Piece(one.removesuffix(PAGE), one) for one in hand_in.pages],
            asked=[one for one in mine.asked if (one.assignment, one.hand_in) == (assignment, hand_in.number)],
            fields={field.name: field for field in (KIND, NOTEBOOK, CELL, TEXT)},
        )

    async def post(self, run: str, assignment: str, number: str) -> None:
        """Note what is said, and show it."""
        *_, hand_in = await self.found(run, assignment, number)
        if not hand_in.pages:
            raise SaidError(400, message("There is no feedback yet. Say this when it is there."))
        await self.work(partial(_ask, run=run, assignment=assignment, hand_in=hand_in, form=self.form))
        self.go(f"/runs/{run}/assignments/{assignment}/{number}")


def _ask(
    session: Session, person: Person | None, *, run: str, assignment: str, hand_in: HandIn, form: dict[str, Any]
) -> Request:
    course_run, notebook = access.to_learn(session, person, run), form["notebook"]
    if notebook is not None and f"{notebook}{PAGE}" not in hand_in.pages:
        raise SaidError(400, message("There is no feedback on this notebook."))
    return requests.ask(
        session,
        course_run,
        access.to_own(person),
        assignment,
        hand_in.number,
        kind=form["kind"],
        text=form["text"],
        notebook=notebook,
        cell=form["cell"],
        points=hand_in.points.total if hand_in.points else None,
    )


class FeedbackPage(OfHandIn):
    """One page of feedback, as the grading wrote it."""

    address = f"{ADDRESS}/{{file}}{PAGE}"
    operations: ClassVar = {"get": Operation("Give out a page of feedback, in which nothing runs")}

    async def get(self, run: str, assignment: str, number: str, file: str) -> None:
        """Give it out."""
        mine = await self.own(run)
        page = await self.hand_ins.page(run, mine.viewer.name, assignment, int(number), f"{file}{PAGE}")
        if page is None:
            raise SaidError(404, NO_PAGE)
        self.set_header("Content-Security-Policy", SANDBOX)
        self.set_header("X-DNS-Prefetch-Control", "off")
        self.clear_header("Cross-Origin-Opener-Policy")  # browsers refuse to open what has it and is sandboxed
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


class Receipt(OfHandIn):
    """The receipt for a hand-in."""

    address = f"{ADDRESS}/receipt.json"
    operations: ClassVar = {"get": Operation("Give out the receipt for what I handed in", kind="application/json")}

    async def get(self, run: str, assignment: str, number: str) -> None:
        """Give it out, as a file."""
        mine = await self.own(run)
        receipt = await self.hand_ins.receipt(run, mine.viewer.name, assignment, int(number))
        if receipt is None:
            raise SaidError(404, message("There is no receipt here, or the hand-in service does not answer."))
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Disposition", f'attachment; filename="{assignment}-{int(number):04}.json"')
        self.finish(receipt)


class Withdraw(OfOwn):
    """Taking back what one said, while nobody has answered."""

    address = "/runs/{run}/requests/{number}/withdraw"
    operations: ClassVar = {"post": Operation("Withdraw a request of mine that has no answer")}

    async def post(self, run: str, number: str) -> None:
        """Take it back."""

        def withdraw(session: Session, person: Person | None) -> str:
            request = requests.withdraw(session, access.to_own_request(session, person, run, int(number)))
            return f"/runs/{run}/assignments/{request.assignment}/{request.number}"

        self.go(await self.work(withdraw))
