"""Changes marks as `aula grade` does, as an instructor does by hand, and as somebody does past all programs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from aula.audit import stores, verification
from aula.audit.verification import Verdict
from aula.grading.gradebook import Book
from aula.grading.handed_in import Submission
from aula.grading.mark import Graded, Mark

AT = datetime(2026, 11, 9, 22, 59)
TASK = "sums"


def grade(run_dir: Path, **points: float) -> None:
    """Record what came of submissions, by trainee: points for the test; a person is to mark the text."""
    with Book(run_dir, "run") as book:
        book.record(TASK, [_graded(student, given) for student, given in points.items()])


def _graded(student: str, points: float) -> tuple[Submission, Graded]:
    marks = {"total-test": Mark(points), "why": Mark(None)}
    digest = f"{student}-{points}"
    return Submission(student, TASK, Path("/nowhere"), AT), Graded(student, TASK, digest, NotebookNode(), marks)


@contextmanager
def opened(run_dir: Path) -> Iterator[Gradebook]:
    """Open the gradebook as nbgrader does."""
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", "run") as gradebook:
        yield gradebook


def by_hand(run_dir: Path, student: str, cell: str = "why", **values: float | None) -> None:
    """Mark a cell, as formgrader does."""
    with opened(run_dir) as gradebook:
        found = gradebook.find_grade(cell, TASK, TASK, student)
        for name, value in values.items():
            setattr(found, name, value)
        gradebook.db.commit()


def past_all(run_dir: Path, words: str, *more: object) -> int:
    """Change the gradebook past all programs; return how many rows it were."""
    with closing(sqlite3.connect(run_dir / "gradebook.db")) as connection, connection:
        return connection.execute(words, more).rowcount


def look(run_dir: Path) -> Verdict:
    """Return what the verification finds at its first look."""
    return verification.judge(stores.read(run_dir), [])
