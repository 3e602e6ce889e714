"""What an assignment's cells say to nbgrader: who may edit them, and what they are worth."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Literal

from nbformat import NotebookNode
from pydantic import Field, ValidationError

from aula.course import Part

REMEDIES = {
    "grade_id": "use letters a-z and A-Z, digits, - and _, as sums-hidden",
    "points": "give 0 or more, as a number",
}


class Marks(Part):
    """nbgrader's metadata of one cell, version 3 of its schema."""

    schema_version: Literal[3]
    grade_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    grade: bool
    solution: bool
    locked: bool
    task: bool = False
    cell_type: Literal["code", "markdown"] | None = None
    points: Annotated[float, Field(ge=0, strict=False)] | None = None

    @property
    def worth(self) -> float:
        """The points that the cell adds to the assignment's."""
        return (self.points or 0) if self.grade or self.task else 0


def of(cell: NotebookNode) -> Mapping[str, object]:
    """Return what a cell says to nbgrader, empty where it says nothing that can be read."""
    said = cell.metadata.get("nbgrader")
    return dict(said) if isinstance(said, Mapping) else {}


def problems(node: NotebookNode, points: float) -> Iterator[str]:
    """Yield what is wrong with the notebook's marks, and where they do not add up to points."""
    seen: dict[str, int] = {}
    total = 0.0
    for number, cell in enumerate(node.cells, start=1):
        if "nbgrader" not in cell.metadata:
            continue
        if not isinstance(cell.metadata["nbgrader"], Mapping):
            yield f"cell {number}: 'nbgrader' must be keys and values, as {{grade: true, grade_id: sums, ...}}"
            continue
        try:
            marks = Marks.model_validate(of(cell))
        except ValidationError as error:
            yield from (f"cell {number}: {_sentence(detail)}" for detail in error.errors())
            continue
        yield from (f"cell {number}: {problem}" for problem in _contradictions(marks))
        if marks.grade_id in seen:
            yield f"cell {number}: grade_id '{marks.grade_id}' is cell {seen[marks.grade_id]}'s: choose one"
        seen.setdefault(marks.grade_id, number)
        total += marks.worth
    if total != points:
        yield f"its cells are worth {total:g} points, but course.yml says {points:g}: make them agree"


def _sentence(detail: Mapping[str, object]) -> str:
    """Return one of pydantic's complaints in words."""
    location = detail["loc"]
    key = location[0] if isinstance(location, tuple) else location
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(str(key), Marks.model_fields, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"valid keys: {', '.join(Marks.model_fields)}"
        return f"unknown nbgrader key '{key}': {hint}"
    if detail["type"] == "missing":
        return f"nbgrader key '{key}' is missing: add it"
    return f"nbgrader key '{key}' is {detail['input']!r}: {REMEDIES.get(str(key), detail['msg'])}"


def _contradictions(marks: Marks) -> Iterator[str]:
    """Yield marks that are valid one by one, but not together."""
    graded = marks.grade or marks.task
    if graded and marks.points is None:
        yield "is graded but has no points: add them"
    if not graded and marks.points is not None:
        yield "has points but is not graded: set 'grade: true' or take the points away"
    if marks.grade and not marks.solution and not marks.locked:
        yield "is a test that trainees could edit: set 'locked: true'"
    if marks.solution and marks.locked:
        yield "is an answer that trainees could not edit: set 'locked: false'"
