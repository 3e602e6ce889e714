"""Who has fetched what was released, and when for the first time: so much is known of who has begun."""

from datetime import datetime
from pathlib import Path
from threading import Lock

from aula.submissions import receipts
from aula.submissions.noting import append, lines

FETCHED = "fetched.jsonl"
"""In a course run's folder: a line for each student and assignment."""


class Fetches:
    """Notes the first fetch of each student and assignment, beside what is handed in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, set[tuple[str, str]]] = {}
        self._turn = Lock()

    def note(self, run: str, student: str, assignment: str, at: datetime) -> None:
        """Note it, once. A run that keeps no hand-ins, and a disk that is full, are no reason not to give it."""
        path = self._folder / run / FETCHED
        with self._turn:
            known = self._known.get(run)
            if known is None:
                known = {(one.get("student", ""), one.get("assignment", "")) for one in lines(path)}
                self._known[run] = known
            if (student, assignment) in known or not path.parent.is_dir():
                return
            known.add((student, assignment))
            append(path, {"student": student, "assignment": assignment, "at": receipts.write(at)})
