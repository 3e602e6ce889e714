"""What submissions earn in a trusted run: in forks of one plain IPython, by nbgrader's rules, without protection."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat import NotebookNode

from aula import marks
from tests.grading import plain_runner
from tests.grading.assignments import TEXTS, source

Points = Mapping[str, float]
"""The points of each test cell, by its grade id."""


def points(python: Path, task: str, submissions: Sequence[NotebookNode]) -> list[Points]:
    """Run submissions of an assignment with its own tests; return what each earns. They must be harmless.

    python is an interpreter with IPython and the courses' libraries.
    """
    order = {"folder": str(TEXTS / task), "notebooks": [_cells(task, node) for node in submissions]}
    done = subprocess.run(
        [python, "-B", plain_runner.__file__], input=json.dumps(order), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def _cells(task: str, node: NotebookNode) -> list[tuple[str, str, float]]:
    """Return the cells of code with the author's text in those that are locked: source, test's id, its points."""
    own = {marks.of(cell).get("grade_id"): cell.source for cell in source(task).cells if marks.of(cell).get("locked")}
    cells = []
    for cell in (cell for cell in node.cells if cell.cell_type == "code"):
        said = marks.of(cell)
        test = str(said["grade_id"]) if said.get("grade") else ""
        cells.append((own.get(said.get("grade_id"), cell.source), test, float(str(said.get("points", 0)))))
    return cells
