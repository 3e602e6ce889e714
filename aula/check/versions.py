"""The versions of an assignment that are graded: the reference, the untouched one, the author's mutants."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from aula import marks
from aula.check.page import Page
from aula.course import JobScript
from aula.grading.jobs import rehearsed
from aula.release import stubs

REFERENCE, UNTOUCHED = "reference", "untouched"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Version:
    """A version of an assignment: its name, and its notebook with all tests."""

    name: str
    node: NotebookNode

    @property
    def code(self) -> list[str]:
        """The source of each cell of code."""
        return [cell.source for cell in self.node.cells if cell.cell_type == "code"]


def reference(page: Page) -> Version:
    """Return the assignment with its own solutions."""
    return Version(REFERENCE, page.node)


def untouched(page: Page) -> Version:
    """Return the assignment with a stub in the place of each solution, as nbgrader makes it, but with all tests."""
    node = copy.deepcopy(page.node)
    for cell in node.cells:
        if cell.cell_type == "code" and marks.of(cell).get("solution"):
            cell.source = _stubbed(cell.source)
    return Version(UNTOUCHED, node)


def mutated(page: Page, mutant: Page) -> Version:
    """Return the assignment with a mutant's answers in place of its own."""
    node = copy.deepcopy(page.node)
    answers = answers_of(mutant)
    for cell in node.cells:
        cell.source = answers.get(str(marks.of(cell).get("grade_id")), cell.source)
    return Version(mutant.path.stem, node)


def with_slurm(version: Version, bounds: JobScript | None, source: Path) -> Version:
    """Return a version with cells of their own for the job of its tests, and for Slurm's commands as recorded."""
    node = copy.deepcopy(version.node)
    if bounds and (using := rehearsed.first(node)):
        node.cells.insert(node.cells.index(using), new_code_cell(rehearsed.cell(bounds, source)))  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    if begin := rehearsed.prelude(source):
        node.cells.insert(0, new_code_cell(begin))  # type: ignore[no-untyped-call]  # likewise
    return Version(version.name, node)


def answers_of(mutant: Page) -> dict[str, str]:
    """Return a mutant's answers by the grade id of the cell that each replaces."""
    return {cell.grade_id: cell.source for cell in mutant.cells if cell.grade_id}


def tests(page: Page) -> Mapping[int, tuple[str, float]]:
    """Return grade id and points of each test that is worth any, by its place among the cells of code."""
    return {
        place: (cell.grade_id, float(cell.marks["points"]))
        for place, cell in enumerate(page.code)
        if cell.is_test and isinstance(cell.marks.get("points"), int | float) and cell.marks["points"] > 0
    }


def _stubbed(source: str) -> str:
    lines: list[str] = []
    inside = False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
            lines.append(line.partition("#")[0] + stubs.STOP)
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines) if BEGIN in source else stubs.STOP
