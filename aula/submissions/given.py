"""What a course run gives: its released assignments, and the feedback on what was handed in."""

import os
from pathlib import Path

from aula import names
from aula.submissions.errors import NotThereError
from aula.submissions.following import opened

OUTBOUND, FEEDBACK = "outbound", "feedback"
NOTEBOOK, PAGE = ".ipynb", ".html"


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

    def feedback(self, run: str, student: str, assignment: str, number: int) -> bool:
        """Whether there is feedback on a hand-in."""
        try:
            with (
                opened(self.folder, *feedback_parts(run, student, assignment, number)) as place,
                os.scandir(place) as found,
            ):
                return any(one.name.endswith(PAGE) for one in found)
        except NotThereError:
            return False

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
