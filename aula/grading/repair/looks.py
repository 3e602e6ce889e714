"""What would be mended in what was handed in of an assignment: looked at, and nothing graded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aula.grading import handed_in, restoring, template
from aula.grading.errors import SubmissionError
from aula.grading.handed_in import Submission
from aula.grading.repair import finding
from aula.grading.repair.change import Change
from aula.grading.template import Template


@dataclass(frozen=True)
class Look:
    """One submission, with what would be mended in it, or why it cannot be read."""

    student: str
    changes: tuple[Change, ...] = ()
    unreadable: str = ""


def looks(run_dir: Path, assignment: str, students: Sequence[str] = ()) -> Iterator[Look]:
    """Yield a look at what each student handed in, or some of them.

    Raises GradingError where the assignment was not released, or a student handed nothing in.
    """
    author = template.read(run_dir, assignment)
    yield from (_look(one, author) for one in handed_in.chosen(run_dir, assignment, students))


def _look(one: Submission, author: Template) -> Look:
    try:
        return Look(one.student, tuple(restoring.restore(finding.read(one), author).changes))
    except SubmissionError as error:
        return Look(one.student, unreadable=str(error))
