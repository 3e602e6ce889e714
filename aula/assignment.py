"""An assignment's notebook: what in it is secret, and whether its markers are sound."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from aula import marks, notebook, regions
from aula.errors import ReleaseError
from aula.release import likeness, shown


@dataclass
class Split:
    """The lines of a notebook, apart: what a trainee may see, and what they may not."""

    visible: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)


def read(path: Path, points: float) -> NotebookNode:
    """Return the assignment's notebook; refuse it where it could not be released or graded."""
    node = notebook.read(path)
    if found := problems(node, points):
        raise ReleaseError("\n".join(f"{path}: {problem}" for problem in found))
    return node


def problems(node: NotebookNode, points: float) -> list[str]:
    """Return why the assignment's notebook could not be released or graded."""
    return [*marker_problems(node), *marks.problems(node, points), *solution_problems(node), *shown.problems(node)]


def split(node: NotebookNode) -> Split:
    """Part the notebook's lines by nbgrader's rules: marked regions, and whole answer cells without one."""
    parts = Split()
    for cell in node.cells:
        parts.visible += regions.visible(cell)
        parts.secret += [line for lines in regions.secrets(cell).values() for line in lines]
    return parts


def marker_problems(node: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with the markers of solutions and hidden tests, cell by cell."""
    for number, cell in enumerate(node.cells, start=1):
        inside: str | None = None
        for line in cell.source.splitlines():
            marker = regions.MARKER.match(line)
            if not marker:
                if likeness.is_like_a_marker(line, code=cell.cell_type == "code"):
                    valid = "', '".join(f"### {edge} {name}" for name in regions.SECRETS for edge in ("BEGIN", "END"))
                    yield f"cell {number}: malformed marker '{line.strip()}': write one of '{valid}'"
                continue
            expected = None if marker[1] == "BEGIN" else marker[2]
            if inside != expected:
                yield f"cell {number}: '{line.strip()}' stands where {_expected(inside)} should"
            inside = marker[2] if marker[1] == "BEGIN" else None
            yield from _misplaced(number, cell, marker[2]) if inside else ()
        if inside:
            yield f"cell {number}: '### BEGIN {inside}' has no '### END {inside}': add it"


def solution_problems(node: NotebookNode) -> Iterator[str]:
    """Yield what is missing: a place for the trainee's answer, or the reference's answer in it."""
    if not any(marks.of(cell).get("solution") or marks.of(cell).get("task") for cell in node.cells):
        yield "has no solution: set 'nbgrader: {solution: true}' on the cell that trainees fill in"
    for number, cell in enumerate(node.cells, start=1):
        found, rest = regions.of(cell.source)
        answer = found.get("SOLUTION", rest)
        is_code = cell.cell_type == "code" and marks.of(cell).get("solution")
        if is_code and not any(_says_something(line) for line in answer):
            yield f"cell {number}: its solution is empty: write the reference's answer, for the tests are tried on it"


def _says_something(line: str) -> bool:
    """Return whether a line of code is more than nothing, a comment or `pass`."""
    return bool(line.strip()) and not line.strip().startswith("#") and line.strip() != "pass"


def _expected(inside: str | None) -> str:
    return f"'### END {inside}'" if inside else "a '### BEGIN …'"


def _misplaced(number: int, cell: NotebookNode, region: str) -> Iterator[str]:
    """Yield a problem where a region stands in a cell that nbgrader does not clear of it."""
    wanted = "solution" if region == "SOLUTION" else "grade"
    if not marks.of(cell).get(wanted):
        yield f"cell {number}: has a {region} region: set 'nbgrader: {{{wanted}: true}}' on the cell"
