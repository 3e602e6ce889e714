"""What nbgrader's gradebook knows of a class, in a few statements. nbgrader itself takes a second to import."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aula.errors import GlanceError
from aula.glance.model import Test

FILE = "gradebook.db"
CELLS = """
SELECT a.name, a.duedate, b.id, b.name, coalesce(g.max_score, t.max_score), s.source,
       g.cell_type = 'code' AND NOT EXISTS (
         SELECT 1 FROM base_cell o WHERE o.notebook_id = n.id AND o.name = b.name AND o.type = 'SolutionCell')
FROM assignment a
LEFT JOIN notebook n ON n.assignment_id = a.id
LEFT JOIN base_cell b ON b.notebook_id = n.id AND b.type != 'SolutionCell'
LEFT JOIN grade_cells g ON g.id = b.id
LEFT JOIN task_cells t ON t.id = b.id
LEFT JOIN source_cell s ON s.notebook_id = n.id AND s.name = b.name
ORDER BY a.duedate IS NULL, a.duedate, a.name, n.name, b.rowid
"""
SUBMITTED = """
SELECT s.id, a.name, s.student_id, s.timestamp, sum(coalesce(n.late_submission_penalty, 0))
FROM submitted_notebook n
JOIN submitted_assignment s ON s.id = n.assignment_id
JOIN assignment a ON a.id = s.assignment_id
GROUP BY s.id
"""
GRADES = """
SELECT n.assignment_id, g.cell_id, coalesce(g.manual_score, g.auto_score), g.extra_credit, g.needs_manual_grade
FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id
"""
MARKER = re.compile(r"#{2,}\s*(BEGIN|END)|[%!]|\"\"\"|'''")
LONGEST = 90


@dataclass
class Marked:
    """What the gradebook says of one trainee's work."""

    at: datetime | None
    """When it was handed in."""
    penalty: float
    points: float = 0.0
    failed: list[int] = field(default_factory=list)
    partial: list[int] = field(default_factory=list)
    by_hand: bool = False


@dataclass
class Known:
    """What it says of an assignment."""

    due: datetime | None
    points: float = 0.0
    tests: list[Test] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """The place of each test, by what the gradebook calls its cell."""
    marked: dict[str, Marked] = field(default_factory=dict)


@dataclass(frozen=True)
class Gradebook:
    """Assignments by name, in the order in which they are due, and the students."""

    assignments: dict[str, Known]
    students: tuple[str, ...]


def read(run_dir: Path) -> Gradebook:
    """Read it, and change nothing. Raises GlanceError where there is none, or it cannot be read."""
    path = run_dir.resolve() / FILE
    if not path.is_file():
        raise GlanceError(f"{run_dir} has no {FILE}: name the folder of a course run, where assignments were released")
    try:
        # Not read-only: what a killed writer left must be undone first, by SQLite itself.
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=30)) as book:
            book.execute("BEGIN")  # all of it from one moment
            known = _assignments(book)
            _marks(book, known)
            students = tuple(str(name) for (name,) in book.execute("SELECT id FROM student ORDER BY id"))
    except sqlite3.Error as error:
        raise GlanceError(f"{path} cannot be read: {error}") from error
    return Gradebook(known, students)


def _assignments(book: sqlite3.Connection) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for name, due, cell, cell_name, points, source, is_test in book.execute(CELLS):
        one = known.setdefault(name, Known(moment(due)))
        one.points += points or 0.0
        if is_test and points:
            one.places[cell] = len(one.tests)
            one.tests.append(Test(name=cell_name, text=first_line(source or "") or cell_name, points=points))
    return known


def _marks(book: sqlite3.Connection, known: dict[str, Known]) -> None:
    found: dict[str, tuple[Known, Marked]] = {}
    for number, assignment, student, at, penalty in book.execute(SUBMITTED):
        one = known[assignment]
        marked = one.marked[str(student)] = Marked(moment(at), penalty)
        found[number] = one, marked
    for number, cell, score, extra, by_hand in book.execute(GRADES):
        one, marked = found[number]
        marked.points += (score or 0.0) + (extra or 0.0)
        marked.by_hand |= bool(by_hand)
        place = one.places.get(cell)
        if place is not None and score is not None and score < one.tests[place].points:
            (marked.partial if score > 0 else marked.failed).append(place)
    for _, marked in found.values():
        marked.points = max(marked.points - marked.penalty, 0.0)
        marked.failed.sort()
        marked.partial.sort()


def moment(said: str | None) -> datetime | None:
    """Return a time of the gradebook's, which are in UTC without saying so."""
    return datetime.fromisoformat(said).replace(tzinfo=UTC) if said else None


def first_line(source: str) -> str:
    """Return a test's first line that says something: a comment without its sign, else code."""
    for line in source.splitlines():
        shown = line.strip()
        if shown and not MARKER.match(shown) and (text := shown.lstrip("# ").rstrip()):
            return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return ""
