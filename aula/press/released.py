"""Whether a released copy is of today's assignment: what `aula release` keeps beside it is compared with the text."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aula import assignment
from aula.catalogue import Course
from aula.course import Assignment
from aula.errors import BookError


def check(course: Course, task: Assignment, folder: Path) -> None:
    """Raise BookError where the assignment has changed since its copy in the folder was released.

    Where the run's source/ does not lie beside its release/, nothing is known of that.
    """
    source, text = folder.parents[1] / "source" / task.name, course.assignment_file(task)
    kept = source / f"{task.name}.ipynb"
    if not kept.is_file():
        return
    old = nbformat.read(kept, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    beside = [path for path in source.rglob("*") if path.is_file() and path != kept]
    same = all(_content(path) == _content(text.parent / path.relative_to(source)) for path in beside)
    if not same or _told(old) != _told(assignment.read(text, task.points)):
        raise BookError(
            f"{folder / kept.name}: is stale: assignment '{task.name}' has changed since it was released: "
            f"run `aula release {course.id} --run-dir {folder.parents[1]}` again"
        )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _told(node: NotebookNode) -> str:
    """Return what the cells hold; the kernel is a run's own matter."""
    return json.dumps([[cell.cell_type, cell.source, cell.metadata] for cell in node.cells], sort_keys=True)
