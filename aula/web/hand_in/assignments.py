"""The addresses of what is released, with what the asker has handed in of it."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from aula.submissions import receipts, terms
from aula.submissions.fetches import Fetches
from aula.submissions.given import OUTBOUND, feedback_parts
from aula.submissions.packing import packed
from aula.submissions.store import FILES, HandedIn
from aula.submissions.terms import RunTerms, Terms
from aula.web.hand_in.handler import OfRun


class Assignments(OfRun):
    """All assignments of a run."""

    async def get(self, run: str) -> None:
        """List them."""
        await self.finish({"now": terms.write(datetime.now(UTC)), **await self.do(self._list, run)})

    def _list(self, run: str) -> dict[str, Any]:
        name, at_once, found = self.asker.name, self.given.at_once(run), self.given.terms(run)
        mine: dict[str, list[HandedIn]] = defaultdict(list)
        for one in self.store.submissions(run, student=name):
            mine[one.assignment].append(one)
        told = [
            {
                "name": each,
                "notebooks": notebooks,
                **_terms(found.assignments.get(each) if found else None, name, mine[each]),
                "submissions": [self._told(one, found) for one in mine[each]],
                "at_once": each in at_once,
            }
            for each, notebooks in self.given.assignments(run).items()
        ]
        return {"title": found.title if found else "", "assignments": told}

    def _told(self, one: HandedIn, found: RunTerms | None) -> dict[str, Any]:
        """Return a hand-in with how many seconds late it is by the terms of today; None where there are none."""
        own = found.assignments.get(one.assignment) if found else None
        where = (one.run, one.student, one.assignment, one.number)
        return {
            "number": one.number,
            "at": receipts.write(one.at),
            "digest": one.digest,
            "late": own.late_by(one.student, one.at).total_seconds() if own else None,
            "feedback": self.given.feedback(*where),
            "points": self.given.points(*where),
        }


def _terms(own: Terms | None, student: str, mine: list[HandedIn]) -> dict[str, Any]:
    """Return what the terms of an assignment are for one student; None for what is not known."""
    return {
        "title": own.title if own else None,
        "points": own.points if own else None,
        "due": terms.write(own.due_for(student)) if own else None,
        "extended": own.extended(student) if own else False,
        "accepted_until": terms.write(own.closes(student)) if own else None,
        "attempts": {"allowed": own.attempts if own else None, "used": mine[-1].number if mine else 0},
        "late_rule": own.late.model_dump() if own else None,
    }


class Assignment(OfRun):
    """One assignment."""

    async def get(self, run: str, assignment: str) -> None:
        """Send the released version, and note who has begun."""
        await self.send(await self.do(self._packed, run, assignment))

    def _packed(self, run: str, assignment: str) -> Any:
        self.given.notebooks(run, assignment)
        archive = packed(self.given.folder, run, OUTBOUND, assignment)
        fetches: Fetches = self.settings["fetches"]
        fetches.note(run, self.asker.name, assignment, datetime.now(UTC))
        return archive


class Submission(OfRun):
    """One hand-in of the asker's."""

    async def get(self, run: str, assignment: str, number: str) -> None:
        """Send its files."""
        await self.send(await self.do(self._packed, run, assignment, int(number)))

    def _packed(self, run: str, assignment: str, number: int) -> Any:
        one = self.store.get(run, self.asker.name, assignment, number)
        return packed(one.folder, FILES)


class SubmissionReceipt(OfRun):
    """Its receipt."""

    async def get(self, run: str, assignment: str, number: str) -> None:
        """Send it."""
        await self.finish((await self.do(self._receipt, run, assignment, int(number))).model_dump())

    def _receipt(self, run: str, assignment: str, number: int) -> receipts.Receipt:
        return self.store.receipt(self.store.get(run, self.asker.name, assignment, number))


class SubmissionFeedback(OfRun):
    """Its feedback."""

    async def get(self, run: str, assignment: str, number: str) -> None:
        """Send it."""
        await self.send(await self.do(self._packed, run, assignment, int(number)))

    def _packed(self, run: str, assignment: str, number: int) -> Any:
        one = self.store.get(run, self.asker.name, assignment, number)
        return packed(self.given.folder, *feedback_parts(run, one.student, assignment, number))
