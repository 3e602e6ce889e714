"""What a new version changes, file by file and cell by cell, as a program sees it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from difflib import SequenceMatcher
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Change(BaseModel):
    """A file that is new, changed or gone; of a notebook also which cells are new or changed, by grade id or number."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    path: str
    how: Literal["new", "changed", "gone"]
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        cells = f" ({', '.join(self.cells)})" if self.cells else ""
        return f"{self.path}: {self.how}{cells}"


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Return how the files differ, by path."""
    return tuple(_changes(before, after))


def _changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    for path in sorted({*before, *after}):
        if path not in after:
            yield Change(path=path, how="gone")
        elif path not in before:
            yield Change(path=path, how="new")
        elif before[path] != after[path]:
            cells: tuple[str, ...] = ()
            if path.endswith(".ipynb"):
                with suppress(ValueError, KeyError, TypeError, AttributeError):  # what is no notebook has no cells
                    cells = tuple(_cells(before[path], after[path]))
            yield Change(path=path, how="changed", cells=cells)


def _cells(before: bytes, after: bytes) -> Iterator[str]:
    """Name the cells of a notebook that were not there before, or said something else."""
    old, new = (json.loads(content)["cells"] for content in (before, after))
    matcher = SequenceMatcher(None, list(map(_said, old)), list(map(_said, new)), autojunk=False)
    for kind, _, _, first, end in matcher.get_opcodes():
        if kind != "equal":
            yield from (_name(cell, number) for number, cell in enumerate(new[first:end], start=first + 1))


def _said(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    marks = {key: value for key, value in cell["metadata"].get("nbgrader", {}).items() if key != "checksum"}
    return cell["cell_type"], "".join(cell["source"]), json.dumps(marks, sort_keys=True)


def _name(cell: Mapping[str, Any], number: int) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", f"cell {number}"))
