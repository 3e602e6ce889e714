"""A course run's class, put together from its gradebook, its folders and what the hand-in service noted."""

from datetime import UTC, datetime
from pathlib import Path

from aula.glance import gradebook, hand_ins
from aula.glance.folders import Folders
from aula.glance.gradebook import Known, Marked
from aula.glance.hand_ins import HandIns
from aula.glance.model import Assignment, Class, Work
from aula.submissions import terms
from aula.submissions.terms import Terms

REPAIRED = "repaired.html"
"""What grading leaves beside a notebook that it had to mend."""
POINTS = "points.json"
"""What the release of feedback leaves beside its pages; a result at once has none."""


def read(folders: Folders) -> Class:
    """Return the class. Raises GlanceError where there is no gradebook, or it cannot be read."""
    book, noted = gradebook.read(folders.run_dir), hand_ins.read(folders.handed_in)
    written = terms.of(folders.given.parent, folders.given.name) if folders.given else None
    said = written.assignments if written else {}
    assignments = tuple(
        _assignment(name, known, noted, folders, said.get(name)) for name, known in book.assignments.items()
    )
    students = {*book.students, *(name for one in assignments for name in one.work)}
    return Class(run=folders.run, at=datetime.now(UTC), students=tuple(sorted(students)), assignments=assignments)


def _assignment(name: str, known: Known, noted: HandIns, folders: Folders, said: Terms | None) -> Assignment:
    active = {student for student, assignment in (*noted.fetched, *noted.handed_in) if assignment == name}
    work = {}
    for student in sorted({*active, *known.marked}):
        at = noted.handed_in.get((student, name), [])
        marked = known.marked.get(student)
        last = at[-1] if at else marked.at if marked else None
        work[student] = Work(
            began=noted.fetched.get((student, name)),
            first=at[0] if at else None,
            at=last,
            number=len(at) or int(marked is not None),
            late_s=_late(student, last, known.due, said),
            **(_marks(marked, at, Path(student, name), folders) if marked else {}),
        )
    title, due = (said.title, said.due) if said else (name, known.due)
    return Assignment(name=name, title=title, points=known.points, due=due, tests=tuple(known.tests), work=work)


def _late(student: str, at: datetime | None, due: datetime | None, said: Terms | None) -> float | None:
    """Return how late somebody is, by the terms of today, with their extension; else by what the gradebook says."""
    if at is None:
        return None
    if said:
        return said.late_by(student, at).total_seconds()
    return max((at - due).total_seconds(), 0.0) if due else None


def _marks(marked: Marked, at: list[datetime], where: Path, folders: Folders) -> dict[str, object]:
    """Return what grading and the release of feedback have left of a student's work."""
    number = at.index(marked.at) + 1 if marked.at in at else 0
    page = folders.given / "feedback" / where / f"{number:04}" / POINTS if folders.given and number else None
    return {
        "graded": marked.at or datetime.fromtimestamp(0, UTC),
        "points": marked.points,
        "failed": tuple(marked.failed),
        "partial": tuple(marked.partial),
        "by_hand": marked.by_hand,
        "repaired": (folders.run_dir / "autograded" / where / REPAIRED).is_file(),
        "given": bool(page and page.is_file()),
    }
