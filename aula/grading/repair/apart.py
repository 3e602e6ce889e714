"""Cells that were merged into one are taken apart, where one of them is the author's word for word."""

from collections.abc import Iterator, Sequence

from aula.grading.repair.cells import Handed, Released
from aula.grading.repair.change import Change
from aula.grading.repair.parsing import parses

SHORTEST = 6
"""Characters of an author's text that is looked for in other cells."""
LONGEST = 200_000
"""Characters of a cell in which it is looked for."""


def apart(cells: Sequence[Released], handed: list[Handed]) -> tuple[list[Handed], list[Change]]:
    """Return the cells that were handed in, with those apart that were merged, and what was done.

    A cell that is nobody's by its name is only taken apart where something is missing or broken: a trainee's own may
    hold an author's text.
    """
    changes = [*_renamed(cells, handed)]
    texts = {one.plain for one in handed}
    wanted = _is_wanting(cells, handed, texts)
    for author in cells:
        if author.is_answer or len(author.plain) < SHORTEST or author.plain in texts:
            continue
        found = []
        for one in handed:
            parts = _parts(one, author, cells) if wanted or one.name else None
            if parts:
                texts |= {part.plain for part in parts}
                changes.append(Change(f"{author.title} was merged with another: they were taken apart", one.text))
            found += parts or [one]
        handed = found
    return handed, changes


def _is_wanting(cells: Sequence[Released], handed: Sequence[Handed], texts: set[str]) -> bool:
    """Return whether an author's cell is missing, or an answer is no Python."""
    named = {one.name: one for one in handed}
    for cell in cells:
        one = named.get(cell.name)
        if cell.name and one is None and cell.plain not in texts:
            return True
        if one and cell.is_answer and cell.kind == "code" and not parses(one.text):
            return True
    return False


def _renamed(cells: Sequence[Released], handed: Sequence[Handed]) -> Iterator[Change]:
    """Give a missing cell's name to one that is it word for word and has another's: of two, one of them was empty."""
    names, known = {one.name for one in handed}, {cell.name: cell.plain for cell in cells}
    lost = {cell.plain: cell for cell in cells if cell.is_locked and cell.name not in names and cell.plain}
    for one in handed:
        if one.name and one.plain != known.get(one.name) and (cell := lost.pop(one.plain, None)):
            yield Change(f"{cell.title} had the name {one.name}")
            one.name = cell.name


def _parts(one: Handed, author: Released, cells: Sequence[Released]) -> list[Handed] | None:
    """Return the parts of a cell that holds an author's; None of one that does not, or holds nothing else."""
    if len(one.text) > LONGEST or one.plain == author.plain or author.plain not in one.plain:
        return None
    lines = one.text.split("\n")
    text = "\n".join(["", *(line.rstrip() for line in lines), ""])
    begin = text.find(f"\n{author.plain}\n")
    if begin < 0:
        return None
    first = text.count("\n", 0, begin)
    end = first + author.plain.count("\n") + 1
    before, behind = _rest(one, lines[:first], lines[end:], author, cells)
    block = one.part("\n".join(lines[first:end]), author.kind, author.name)
    return [part for part in (before, block, behind) if part.plain]


def _rest(
    one: Handed, before: list[str], behind: list[str], author: Released, cells: Sequence[Released]
) -> Iterator[Handed]:
    """Yield what stands before and behind the author's text; whose name the cell had keeps it."""
    texts = ["\n".join(part).strip("\n") for part in (before, behind)]
    place = next((cell.place for cell in cells if cell.name and cell.name == one.name), None)
    keeps = None
    if place is not None and place != author.place:
        keeps = 0 if place < author.place else 1
        if not texts[keeps]:
            keeps = 1 - keeps
    for number, text in enumerate(texts):
        yield one.part(text, one.kind, one.name if number == keeps else "")
