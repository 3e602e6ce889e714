"""What a correction would do to those who have fetched an assignment: grade ids and points are what grades hang on."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aula import marks


def problems(before: Path, node: NotebookNode) -> list[str]:
    """Return how the notebook's grade ids and points differ from those of the source released before, if any."""
    if not before.is_file():
        return []
    old = nbformat.read(before, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return list(_differences(_points(old), _points(node)))


def _points(node: NotebookNode) -> dict[str, float]:
    """Return what each graded cell is worth, and 0 for each other cell that nbgrader knows."""
    said = [marks.of(cell) for cell in node.cells]
    return {str(one["grade_id"]): float(str(one.get("points") or 0)) for one in said if "grade_id" in one}


def _differences(old: dict[str, float], new: dict[str, float]) -> Iterator[str]:
    yield from (f"grade_id '{name}' is gone" for name in old if name not in new)
    yield from (f"grade_id '{name}' is new" for name in new if name not in old)
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            yield f"'{name}' was worth {old[name]:g} points and is worth {new[name]:g} now"
