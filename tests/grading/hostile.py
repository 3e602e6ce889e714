"""Hostile submissions against our own engine: what each tries, and what it means that it was contained."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import nbformat
from nbformat import NotebookNode

from aula import marks
from tests.grading.planted import Planted

WALL_S = 5.0
"""The wall time that a test gives each submission: an attack that never ends by itself is over soon after."""
HIDDEN = ("7731.5", "2578.333333", "6113.25", "HIDDEN TESTS")
"""What only the hidden tests say."""


@dataclass(frozen=True)
class Hostile:
    """A hostile submission. It is contained if all of what it says about its outcome holds.

    Always: nothing under the planted folder has changed, nobody has reached the planted port, no process of it is left,
    no word of the planted files or of hidden tests is in outputs or feedback, and others are graded.
    """

    name: str
    line: int
    """Which line of the list of attacks it belongs to: 12 to 15, or 19."""
    task: str = "curves"
    answers: Mapping[str, str] = field(default_factory=dict)
    """What it puts into answer cells, by grade id; the others are as they were released."""
    first: str = ""
    """A cell of its own above all others."""
    last: str = ""
    """A cell of its own below all others."""
    at_most: float = 0.0
    """The points that it may earn: those of the work in it that is really done."""
    within_s: float = 3 * WALL_S
    """How long it may take where each submission has WALL_S of wall time."""
    says_why: bool = False
    """Whether the trainee must be told a reason for the points that are missing."""
    title: str = ""
    """What its script would write as the title of the page in which somebody opens the submission or its feedback."""

    def node(self, released: NotebookNode) -> NotebookNode:
        """Return it as the notebook that is handed in, made of the released one."""
        node = copy.deepcopy(released)
        for cell in node.cells:
            grade_id = str(marks.of(cell).get("grade_id", ""))
            cell.source = self.answers.get(grade_id, cell.source)
        if self.first:
            node.cells.insert(0, nbformat.v4.new_code_cell(self.first, id="first"))
        if self.last:
            node.cells.append(nbformat.v4.new_code_cell(self.last, id="last"))
        return node

    def aimed(self, planted: Planted) -> "Hostile":
        """Return it with the planted places in its sources."""
        answers = {grade_id: planted.named(text) for grade_id, text in self.answers.items()}
        return replace(self, answers=answers, first=planted.named(self.first), last=planted.named(self.last))
