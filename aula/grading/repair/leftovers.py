"""What is left of a damaged notebook when its cells are known: copies, scraps, and what a person should look at."""

from collections.abc import Iterator
from itertools import islice

from aula.grading.repair.cells import Released
from aula.grading.repair.change import Change
from aula.grading.repair.matching import CROWD, MOST, Matching
from aula.grading.repair.parsing import parses

SHORTEST = 12
"""Characters of a text by which a cell is known to be a copy."""


def leave_out(found: Matching) -> list[Change]:
    """Leave out copies of cells that are there, and scraps of the author's that are not whole; return what was done."""
    known = {author.plain: author for author in found.released if author.name and author.place in found.of}
    known |= {found.of[author.place].plain: author for author in known.values()}
    torn = [(one, _lines(one.plain)) for one in found.released if one.is_locked and _is_torn(found, one)]
    gone, changes = [], []
    for one in found.spare():
        mine = _lines(one.plain)
        author = known.get(one.plain) if len(one.plain) >= SHORTEST else None
        author = author or next((cell for cell, theirs in torn if mine and mine <= theirs), None)
        if author:
            gone.append(one)
            changes.append(Change(f"{author.title} was there again: it counts once", one.text))
        elif cell := next((cell for cell, theirs in torn if len(mine) <= 2 * len(mine & theirs) > 0), None):
            said = f"cell {one.number} of what was handed in is like {cell.title}: it runs as the trainee's own"
            changes.append(Change(said, one.text, is_doubtful=True))
    found.drop(gone)
    return changes


def doubts(found: Matching) -> Iterator[Change]:
    """Yield what a person should look at: a broken answer with what could mend it, and a part of one once more."""
    broken = [one for one in islice(found.spare(), CROWD) if one.plain and not parses(one.text)]
    for place, mine in sorted(found.of.items()):
        cell = found.released[place]
        if not cell.is_answer or cell.kind != "code":
            continue
        if found.is_nameless or found.doubled:
            yield from _again(found, cell, _lines(mine.plain))
        for one in () if not broken or parses(mine.text) else broken:
            if parses(f"{mine.text}\n{one.text}") or parses(f"{one.text}\n{mine.text}"):
                said = f"{cell.title} is no Python without cell {one.number} of what was handed in: is it a part?"
                yield Change(said, f"{mine.text}\n\n{one.text}", is_doubtful=True)


def _again(found: Matching, cell: Released, lines: set[str]) -> Iterator[Change]:
    """Yield which cells of the trainee's own are a part of an answer, where there is more than one of something."""
    for one in islice(found.spare(), MOST):
        if len(mine := _lines(one.plain)) > 1 and mine <= lines:
            said = f"cell {one.number} of what was handed in is a part of {cell.title}: it runs as well"
            yield Change(said, one.text, is_doubtful=True)


def _is_torn(found: Matching, cell: Released) -> bool:
    """Return whether a cell is missing, is not as it was released, or was there more than once."""
    one = found.of.get(cell.place)
    return one is None or one.plain != cell.plain or cell.place in found.doubled


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()} - {""}
