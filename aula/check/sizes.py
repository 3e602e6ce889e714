"""The sizes at which a lesson runs: its own, and a second one from course.yml."""

import ast
from collections.abc import Iterator, Mapping

from aula.check import code
from aula.check.page import Cell, Page
from aula.course import Lesson, Value

SIZES = ("size", "n_rows", "epochs", "n_tasks", "n_nodes")
"""Parameters that say how much there is to do."""
ELSEWHERE = {"device", "backend"}
"""Parameters by which a lesson asks for what two cores do not have."""
SECOND = "second"
"""The set of values that is meant for the check."""
OTHER_SEED = 4711


def defaults(page: Page) -> dict[str, object]:
    """Return the plain values that a lesson's cell of parameters sets, by name."""
    return {name: value for cell in page.code if "parameters" in cell.tags for name, value in _set(cell)}


def _set(cell: Cell) -> Iterator[tuple[str, object]]:
    for node in code.tree(cell).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


def sized(page: Page) -> list[str]:
    """Return the names of the parameters by which a lesson is made larger or smaller."""
    known = defaults(page)
    return [name for name in SIZES if name in known]


def second(lesson: Lesson, page: Page) -> Mapping[str, Value]:
    """Return the values of another size: the set `second`, or the first that is for two cores; empty for none."""
    known, names = defaults(page), sized(page)
    for _, values in sorted(lesson.parameters.items(), key=lambda one: one[0] != SECOND):
        if not ELSEWHERE & values.keys() and any(values.get(name, known[name]) != known[name] for name in names):
            return values
    return {}


def seeded(page: Page) -> Mapping[str, Value]:
    """Return another seed for a lesson that has a parameter of that name."""
    return {"seed": OTHER_SEED} if "seed" in defaults(page) else {}


def reseeded(cell: Cell, source: str) -> str:
    """Return an assignment's cell with another seed, where it sets the parameter of that name."""
    return f"{source}\nseed = {OTHER_SEED}" if "parameters" in cell.tags and "seed" in dict(_set(cell)) else source
