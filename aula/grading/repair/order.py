"""The author's cells in the author's order, with the trainee's own where they stand."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aula.grading.repair.cells import Handed, Released
from aula.grading.repair.change import Change
from aula.grading.repair.matching import CROWD, Matching, fits


@dataclass(frozen=True)
class Placed:
    """A cell of what is graded: the author's, the trainee's for it, or one of the trainee's own."""

    author: Released | None
    handed: Handed | None


def arrange(found: Matching) -> tuple[list[Placed], list[Change]]:
    """Return the cells in the order in which they are graded, the missing ones among them, and what was done.

    An answer and a test go right before the author's next cell: what they need may stand before them. The author's
    other cells go right behind the one that they follow.
    """
    places = {one: place for place, one in found.of.items()}
    row = [Placed(found.released[places[one]] if one in places else None, one) for one in found.handed]
    sure = [one.author.place for one in row if one.author and one.author.place not in found.unsure]
    kept = standing(sure)
    moved = [
        one
        for one in row
        if one.author and one.author.counts and one.author.place not in kept and one.author.place not in found.unsure
    ]
    before = _own_before(row)
    row = [one for one in row if one not in moved]
    missing = [*_missing(found)]
    new = [*moved, *(Placed(author, None) for author, _ in missing)]
    for one in sorted(new, key=lambda one: one.author.place if one.author else 0):
        if one.author:
            row.insert(_index(row, one.author, kept), one)
            kept.add(one.author.place)
    after = _own_before(row)
    changes = [_moved(one.author, before, after) for one in moved if one.author]
    return row, [*changes, *(change for _, change in missing)]


def _own_before(row: Sequence[Placed]) -> dict[int, int]:
    """Return how much code of the trainee's own stands before each of the author's cells."""
    found, count = {}, 0
    for one in row:
        if one.author:
            found[one.author.place] = count
        elif one.handed and one.handed.kind == "code" and one.handed.plain:
            count += 1
    return found


def _moved(author: Released, before: dict[int, int], after: dict[int, int]) -> Change:
    """Say that a cell stood elsewhere; a person looks where it now runs after other cells of the trainee's own."""
    is_doubtful = before[author.place] != after[author.place]
    more = ", and other cells of the trainee's own run before it now" if is_doubtful else ""
    return Change(f"{author.title} stood in another place{more}", is_doubtful=is_doubtful)


def standing(places: Sequence[int]) -> set[int]:
    """Return the most places that are in their order as they stand: the longest rising part of a row of places."""
    ends: list[int] = []  # the least last place of the rising parts of each length
    last: list[int] = []  # and where it stands in the row
    before: list[int | None] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    found: set[int] = set()
    at = last[-1] if last else None
    while at is not None:
        found.add(places[at])
        at = before[at]
    return found


def _index(row: Sequence[Placed], author: Released, kept: set[int]) -> int:
    """Return where in a row a cell of the author's belongs, among those that are where they belong."""
    sure = [(index, one.author.place) for index, one in enumerate(row) if one.author and one.author.place in kept]
    if author.is_answer or author.is_test:
        return next((index for index, place in sure if place > author.place), len(row))
    return next((index + 1 for index, place in reversed(sure) if place < author.place), 0)


def _missing(found: Matching) -> Iterator[tuple[Released, Change]]:
    """Yield the author's cells that come back, and what is to be said; code that is the trainee's to change only
    where nothing stands for it."""
    between = {cell.place: cells for run, cells in found.gaps() for cell in run}
    for cell in found.missing():
        there = between.get(cell.place)
        own = [one for one in (there or ())[:CROWD] if one.plain and fits(cell.kind, one)]
        own = own or (_elsewhere(found, cell) if cell.is_answer else [])
        if cell.is_answer and own:
            numbers = ", ".join(str(one.number) for one in own)
            where = f"in cell {numbers}" if len(own) == 1 else f"among cells {numbers}"
            said = f"{cell.title} was missing. It may be {where} of what was handed in: have a look"
            yield cell, Change(said, "\n\n".join(one.text for one in own), is_doubtful=True)
        elif cell.name or (cell.kind == "code" and there is not None and not own):
            yield cell, Change(f"{cell.title} was missing", counts=cell.text, is_doubtful=cell.is_answer)


def _elsewhere(found: Matching, cell: Released) -> list[Handed]:
    """Return the cells in which an answer may be that is not where it should be: the trainee's own, and the author's
    that hold another text."""
    changed = [found.of[one.place] for one in found.released if one.is_locked and one.place in found.of]
    texts = {one.plain for one in found.released}
    own = [one for one in (*found.spare(), *changed) if one.plain and one.plain not in texts]
    return [one for one in own[:CROWD] if fits(cell.kind, one)]
