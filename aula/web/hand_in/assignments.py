"""The addresses of what is released, with what the asker has handed in of it."""

from datetime import UTC, datetime
from typing import Any

from aula.submissions import receipts
from aula.submissions.fetches import Fetches
from aula.submissions.given import OUTBOUND, feedback_parts
from aula.submissions.packing import packed
from aula.submissions.store import FILES
from aula.web.hand_in.handler import OfRun


class Assignments(OfRun):
    """All assignments of a run."""

    async def get(self, run: str) -> None:
        """List them."""
        await self.finish({"assignments": await self.do(self._list, run)})

    def _list(self, run: str) -> list[dict[str, Any]]:
        mine, at_once = self.store.submissions(run, student=self.asker.name), self.given.at_once(run)
        return [
            {
                "name": name,
                "notebooks": notebooks,
                "submissions": [
                    {
                        "number": one.number,
                        "at": receipts.write(one.at),
                        "digest": one.digest,
                        "late": None,
                        "feedback": self.given.feedback(run, self.asker.name, name, one.number),
                        "points": self.given.points(run, self.asker.name, name, one.number),
                    }
                    for one in mine
                    if one.assignment == name
                ],
                "at_once": name in at_once,
            }
            for name, notebooks in self.given.assignments(run).items()
        ]


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
