"""The student version of an assignment, in a fraction of a second: nbgrader's own steps, without its database."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearOutput, ClearSolutions, LockCells

from aula import assignment, notebook
from aula.catalogue import Course
from aula.course import Assignment
from aula.errors import ReleaseError
from aula.preview.trouble import Trouble, shown_in
from aula.release import leaks

STEPS = (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme)
"""Those of nbgrader's steps to a release that change what people read, in its order."""


def version(course: Course, task: Assignment, place: Path) -> tuple[NotebookNode, tuple[Trouble, ...]]:
    """Return what trainees would get, and what in it would give the answer away; it is written into place.

    Raises ReleaseError or NotebookError where it could not be released.
    """
    text = course.assignment_file(task)
    source = assignment.read(text, task.points)
    node, resources = copy.deepcopy(source), {"unique_key": task.name, "language": "python"}
    try:
        for step in STEPS:
            node, resources = step().preprocess(node, resources)
    except Exception as error:  # nbgrader raises whatever it likes
        raise ReleaseError(f"{text}: nbgrader makes no student version of it: {error}") from error
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(text.parent, place, ignore=shutil.ignore_patterns(text.name, ".*", "__pycache__"))
    notebook.write(node, place / text.with_suffix(".ipynb").name)
    return node, tuple(_leaks(course, text, source, place))


def _leaks(course: Course, text: Path, source: NotebookNode, place: Path) -> Iterator[Trouble]:
    """Yield each thing in the student version that a trainee must not see, with the place to mend."""
    for said in leaks.find(source, place):
        name, _, what = said.partition(": ")
        own = name == text.with_suffix(".ipynb").name
        shown = what.partition(": ")[2] if what.startswith("cell ") else what
        file = text if own else next((path for path in text.parent.rglob(name)), text)
        yield shown_in(file, course.folder, shown, f"The student version would show: {what}")
