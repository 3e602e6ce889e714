"""A notebook that its author corrected and a trainee worked in: what each of them wrote, in one notebook.

A notebook is the JSON of its file. Three of them come in: the version that the trainee began with, theirs, and the
new one. An answer, by its grade id, is the trainee's. What they changed besides stays beside what the author changed.
"""

import copy
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

Cell = dict[str, Any]
Book = dict[str, Any]


def source(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, however its file holds it."""
    return "".join(cell.get("source", ""))


def untouched(theirs: Book, given: Book) -> bool:
    """Tell whether somebody's notebook says what it said when it came, and nothing has run in it."""
    ran = any(cell.get("outputs") for cell in theirs["cells"])
    return not ran and [_token(cell) for cell in theirs["cells"]] == [_token(cell) for cell in given["cells"]]


def nearest(theirs: Book, versions: Sequence[Book]) -> int:
    """Return which of the versions somebody's notebook came from: the one that it has most cells of, or a later one."""
    mine = Counter(_token(cell) for cell in theirs["cells"])
    shared = [sum((mine & Counter(_token(cell) for cell in one["cells"])).values()) for one in versions]
    return max(range(len(versions)), key=lambda place: (shared[place], place))


def merged(base: Book, theirs: Book, new: Book) -> Book:
    """Return the new notebook with what they wrote."""
    came_from = dict(_pairs(base["cells"], new["cells"]))
    mine = _Mine(base["cells"], theirs["cells"])
    cells: list[Cell] = list(mine.own_after(None))
    for place, cell in enumerate(new["cells"]):
        before = came_from.get(place)
        cells += _chosen(cell, None if before is None else base["cells"][before], mine.of(cell, before))
        if before is not None:
            cells += mine.own_after(before)
    cells += mine.rest()
    return {**new, "cells": list(_with_ids(cells))}


class _Mine:
    """A trainee's cells: answers by grade id, those that came from another cell of the base, and their own."""

    def __init__(self, base: Sequence[Cell], theirs: Sequence[Cell]) -> None:
        self._base = base
        self._graded: dict[str, Cell] = {}
        self._ordinary: dict[int, Cell] = {}
        self._own: dict[int | None, list[Cell]] = {}
        names = {_grade_id(cell): place for place, cell in enumerate(base) if _grade_id(cell)}
        places = {cell["id"]: place for place, cell in enumerate(base) if "id" in cell and not _grade_id(cell)}
        last: int | None = None
        for cell in theirs:
            name, place = _grade_id(cell), places.get(cell.get("id", ""))
            if name and name not in self._graded:
                self._graded[name], last = cell, names.get(name, last)
            elif not name and place is not None and place not in self._ordinary:
                self._ordinary[place], last = cell, place
            else:
                self._own.setdefault(last, []).append(_without_marks(cell))

    def of(self, cell: Cell, before: int | None) -> Cell | None:
        """Return theirs of a new version's cell, which came from this place of the base; each once."""
        name = _grade_id(cell)
        if name:
            return self._graded.pop(name, None)
        return None if before is None else self._ordinary.pop(before, None)

    def own_after(self, place: int | None) -> Iterator[Cell]:
        """Yield the cells that they added behind a cell of the base, or before all; each once."""
        yield from self._own.pop(place, [])

    def rest(self) -> Iterator[Cell]:
        """Yield what they wrote for which the new version has no place any more."""
        for place, cell in self._ordinary.items():
            if source(cell) != source(self._base[place]):
                yield cell
        given = {_grade_id(cell): source(cell) for cell in self._base}
        for name, cell in self._graded.items():
            if _is_answer(cell) and source(cell) != given.get(name):
                yield _without_marks(cell)
        for cells in self._own.values():
            yield from cells


def _chosen(new: Cell, base: Cell | None, mine: Cell | None) -> list[Cell]:
    """Return what stands for a cell of the new version."""
    if mine is None:
        taken_out = base is not None and not _grade_id(new) and source(base) == source(new)
        return [] if taken_out else [new]
    if source(mine) == source(new):
        return [_with_work(new, mine)]
    if _is_answer(new):
        changed = base is None or source(mine) != source(base)
        return [_with_work({**new, "source": mine["source"]}, mine)] if changed else [new]
    if _grade_id(new) or (base is not None and source(mine) == source(base)):
        return [new]
    if base is not None and source(base) == source(new):
        return [_with_work({**new, "source": mine["source"]}, mine)]
    return [new, mine]


def _with_work(cell: Cell, mine: Cell) -> Cell:
    """Return the cell with what theirs printed, and the pictures in it."""
    kept = ("outputs", "execution_count") if cell["cell_type"] == "code" == mine["cell_type"] else ("attachments",)
    return {**cell, **{key: mine[key] for key in kept if key in mine}}


def _pairs(base: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Yield which cell of the new version, by its place, came from which of the base: graded ones by their ids."""
    graded = {_grade_id(cell): place for place, cell in enumerate(base) if _grade_id(cell)}
    for place, cell in enumerate(new):
        if _grade_id(cell) in graded:
            yield place, graded[_grade_id(cell)]
    old = [place for place, cell in enumerate(base) if not _grade_id(cell)]
    fresh = [place for place, cell in enumerate(new) if not _grade_id(cell)]
    tokens = ([_token(base[place]) for place in old], [_token(new[place]) for place in fresh])
    for kind, first, end, start, stop in SequenceMatcher(None, *tokens, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - first == stop - start):
            yield from zip(fresh[start:stop], old[first:end], strict=True)


def _token(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    return cell["cell_type"], _grade_id(cell), source(cell)


def _marks(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(_marks(cell).get("grade_id", ""))


def _is_answer(cell: Mapping[str, Any]) -> bool:
    return bool(_marks(cell).get("solution"))


def _without_marks(cell: Cell) -> Cell:
    """Return a cell as one of their own: nbgrader counts each grade id once."""
    free = copy.deepcopy(cell)
    for name in ("nbgrader", "deletable", "editable"):
        free.get("metadata", {}).pop(name, None)
    return free


def _with_ids(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the cells, with a new id where two have the same."""
    seen: set[str] = set()
    for cell in cells:
        name = str(cell.get("id", ""))
        unique = name if name and name not in seen else secrets.token_hex(4)
        seen.add(unique)
        yield {**cell, "id": unique}
