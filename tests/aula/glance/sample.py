"""A course run's folders with a class in them, as nbgrader, the grading and the hand-in service would leave them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from aula.glance.folders import Folders
from aula.grading.gradebook import Book
from aula.grading.handed_in import Submission
from aula.grading.mark import Graded, Mark

BEGIN = datetime(2026, 11, 9, 9, tzinfo=UTC)
TESTS = {
    "total-zero": "# An empty list has the total 0.\nassert total([]) == 0",
    "total-many": "### BEGIN HIDDEN TESTS\n# Negative numbers count.\nassert total([-1]) < 0\n### END HIDDEN TESTS",
    "mean": "assert mean([1, 2]) == 1.5",
}
MANUAL = "why"


def assignment(book: Gradebook, name: str, *, due: datetime | None = BEGIN + timedelta(hours=2)) -> None:
    """Add an assignment with three tests of 2 points, and a question of 4 points that a person marks."""
    book.add_assignment(name, duedate=due.replace(tzinfo=None) if due else None)
    book.add_notebook(name, name)
    for test, source in TESTS.items():
        book.add_grade_cell(test, name, name, max_score=2, cell_type="code")
        book.add_source_cell(test, name, name, cell_type="code", source=source, locked=True)
    book.add_solution_cell("answer", name, name)
    book.add_grade_cell(MANUAL, name, name, max_score=4, cell_type="markdown")
    book.add_solution_cell(MANUAL, name, name)


def mark(folders: Folders, name: str, *marked: tuple[str, datetime, dict[str, float | None]]) -> None:
    """Write marks as the grading does: no points of a cell are for a person to give."""
    graded = []
    for student, at, points in marked:
        place = folders.run_dir / "submitted" / student / name
        submission = Submission(student, name, place, at.replace(tzinfo=None))
        marks = {cell: Mark(points.get(cell, 0.0)) for cell in (*TESTS, MANUAL)}
        graded.append((submission, Graded(student, name, "0" * 64, NotebookNode(), marks)))
    with Book(folders.run_dir, folders.run) as book:
        book.record(name, graded)


def note(folders: Folders, student: str, name: str, began: datetime | None, handed_in: list[datetime]) -> None:
    """Note what the hand-in service would."""
    for file, moments in (("fetched.jsonl", [began] if began else []), ("hand_ins.jsonl", handed_in)):
        with (folders.handed_in / file).open("a") as index:
            for at in moments:
                told = {"student": student, "assignment": name, "at": at.isoformat(timespec="microseconds")}
                index.write(json.dumps(told) + "\n")


def give(folders: Folders, student: str, name: str, number: int) -> None:
    """Release feedback on a hand-in."""
    place = folders.given / "feedback" / student / name / f"{number:04}"
    place.mkdir(parents=True)
    (place / "points.json").write_text("{}")


def empty(place: Path) -> Folders:
    """Make the folders of a run."""
    folders = Folders(place / "run", "run", place / "handed-in/run", place / "given/run")
    for folder in (folders.run_dir, folders.handed_in, folders.given):
        folder.mkdir(parents=True)
    return folders


def open_book(folders: Folders) -> Gradebook:
    """Open its gradebook."""
    return Gradebook(f"sqlite:///{folders.run_dir / 'gradebook.db'}", "run")
