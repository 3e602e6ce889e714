"""A course run's folders of the hand-in service, into which tests hand in as it does, and the pages that come of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from aula import marks
from aula.grading.standing import answers
from aula.grading.standing.standing import Standing
from aula.submissions.keys import Key
from aula.submissions.store import HandedIn, Store

RUN = "small-2026"


class Inbox:
    """The folders of a course run."""

    def __init__(self, run_dir: Path, top: Path) -> None:
        self.run_dir = run_dir
        self.handed_in, self.given = top / "handed-in" / RUN, top / "given" / RUN
        for folder in (self.handed_in, self.given):
            folder.mkdir(parents=True)
        self.store = Store(self.handed_in.parent, Key.kept(top / "key"))

    def standing(self, say: Callable[[str], None] = lambda _: None) -> Standing:
        """Return the work of a standing job that begins here."""
        return Standing(self.run_dir, self.handed_in, self.given, say)

    def hand_in(self, answer: str, student: str = "ana", at: datetime | None = None) -> HandedIn:
        """Hand in the assignment `sums` with an answer, at a moment or now."""
        node = nbformat.read(self.run_dir / "release/sums/sums.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        for cell in node.cells:
            if marks.of(cell).get("grade_id") == "total":
                cell.source = answer
        moment = at or datetime.now(UTC)
        node.metadata["moment"] = str(moment)  # the same twice would be one hand-in
        room = self.store.room(RUN)
        nbformat.write(node, room / "sums.ipynb")  # type: ignore[no-untyped-call]  # likewise
        receipt = self.store.accept(RUN, student, "sums", room, moment)
        return self.store.get(RUN, student, "sums", receipt.number)

    def place(self, one: HandedIn) -> Path:
        """Return where the feedback on a hand-in lies."""
        return answers.place(self.given / "feedback", one)

    def page(self, one: HandedIn) -> str:
        """Return the page of a hand-in; nothing where there is none."""
        place = self.place(one)
        return place.read_text() if place.exists() else ""


def work(standing: Standing, seconds: float = 60) -> None:
    """Let a standing job look until nothing is left to do."""
    end = time.monotonic() + seconds
    while standing.look():
        assert time.monotonic() < end, f"the standing job was not done within {seconds} s"
        time.sleep(0.02)
