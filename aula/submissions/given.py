"""What a course run gives: its released assignments, and the feedback on what was handed in."""

import json
import os
from hashlib import sha256
from math import isfinite
from pathlib import Path

from aula import names
from aula.submissions import terms
from aula.submissions.errors import NotThereError
from aula.submissions.following import opened, read
from aula.submissions.terms import RunTerms

OUTBOUND, FEEDBACK = "outbound", "feedback"
SIGN, BEATS_S = "at_once.json", 30.0
"""What the job that gives results at once writes every few seconds, and after how many it is not there any more."""
NOTEBOOK, PAGE = ".ipynb", ".html"
POINTS, PARTS_OF_POINTS = "points.json", ("score", "max_score", "late_penalty")
"""What lies beside released pages of feedback, and the numbers in it; points are the score less the penalty."""


class Given:
    """The folder in which each course run's account puts what trainees get. It is read only here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def assignments(self, run: str) -> dict[str, list[str]]:
        """Return the released assignments by name, with the names of their notebooks; none where none is released."""
        try:
            with opened(self.folder, run, OUTBOUND) as place, os.scandir(place) as found:
                released = sorted(entry.name for entry in found if names.valid(entry.name))
        except NotThereError:
            return {}
        return {name: notebooks for name in released if (notebooks := self._notebooks(run, name))}

    def notebooks(self, run: str, assignment: str) -> list[str]:
        """Return the names of an assignment's notebooks. Raises NotThereError where it is not released."""
        found = self._notebooks(run, assignment) if names.valid(assignment) else []
        if not found:
            raise NotThereError("this assignment is not released in this course run: look at the list of assignments")
        return found

    def feedback(self, run: str, student: str, assignment: str, number: int) -> dict[str, str]:
        """Return the pages of feedback on a hand-in, each with its hash; none where there is no feedback."""
        try:
            with (
                opened(self.folder, *feedback_parts(run, student, assignment, number)) as place,
                os.scandir(place) as found,
            ):
                names = sorted(one.name for one in found if one.name.endswith(PAGE) and not one.name.startswith("."))
                pages = ((name, read(name, place)) for name in names)
                return {name: sha256(page).hexdigest() for name, page in pages if page is not None}
        except NotThereError:
            return {}

    def points(self, run: str, student: str, assignment: str, number: int) -> dict[str, float] | None:
        """Return the points that were released with the feedback on a hand-in; None where none can be read."""
        try:
            with opened(self.folder, *feedback_parts(run, student, assignment, number)) as place:
                told = json.loads(read(POINTS, place) or b"{}")
            found = {part: float(told[part]) for part in PARTS_OF_POINTS}
        except (NotThereError, ValueError, KeyError, TypeError):
            return None
        return found if all(map(isfinite, found.values())) else None

    def terms(self, run: str) -> RunTerms | None:
        """Return the terms of a run's assignments; None where there are none to be read."""
        return terms.of(self.folder, run)

    def at_once(self, run: str) -> frozenset[str]:
        """Return the assignments that a job gives results of at once, if it is there; none where it is not."""
        try:
            with opened(self.folder, run) as place:
                told = json.loads(read(SIGN, place, BEATS_S) or b"{}")
            return frozenset(map(str, told.get("assignments", [])))
        except (NotThereError, ValueError, AttributeError, TypeError):
            return frozenset()

    def _notebooks(self, run: str, assignment: str) -> list[str]:
        try:
            with opened(self.folder, run, OUTBOUND, assignment) as place, os.scandir(place) as found:
                notebooks = [one.name for one in found if one.is_file(follow_symlinks=False)]
        except NotThereError:
            return []
        return sorted(name.removesuffix(NOTEBOOK) for name in notebooks if name.endswith(NOTEBOOK))


def feedback_parts(run: str, student: str, assignment: str, number: int) -> tuple[str, ...]:
    """Return where the feedback on a hand-in lies, from the folder of all runs."""
    return (run, FEEDBACK, student, assignment, f"{number:04}")
