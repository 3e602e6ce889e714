"""Cells that bear the same name: copies, and the pieces of one that was split."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from aula.grading.repair.cells import LONGEST, Handed, Released, squeezed
from aula.grading.repair.change import Change
from aula.grading.repair.parsing import parses

ALIKE = 60.0
"""Per cent, from which two texts are two tries and not two halves."""


@dataclass
class Settled:
    """Which cell counts of those that bear a name, which go, and what is to be said."""

    counts: Handed
    gone: list[Handed] = field(default_factory=list)
    change: Change | None = None
    is_sure: bool = True
    """Whether it is clear that the others do not count: it then goes to its place."""


def settle(author: Released, cells: Sequence[Handed], all_of_them: Sequence[Handed]) -> Settled:
    """Return what counts of cells with the name of an author's.

    What is there word for word again, and what nobody has filled in, goes. Two tries of an answer stay: the last one
    counts, as nbgrader has it.
    """
    if len(cells) == 1:
        return Settled(cells[0])
    twice = Change(f"{author.title} was there {len(cells)} times, all but one as it was released: that one counts")
    tries = [one for one in _different(cells) if one.plain not in ("", author.plain)]
    if author.is_locked:
        return _locked(author, cells, tries)
    if len(tries) < 2:
        counts = tries[0] if tries else cells[0]
        same = not tries or all(one.plain == counts.plain for one in cells)
        change = Change(f"{author.title} was there {len(cells)} times, all the same: one of them counts")
        return Settled(counts, [one for one in cells if one is not counts], change if same else twice)
    if joined := _joined(author, tries, all_of_them):
        counts, text = tries[0], "\n\n".join(one.text for one in tries)
        counts.become(joined)
        change = Change(f"{author.title} was split into {len(tries)}: its parts were joined", text, joined)
        return Settled(counts, [one for one in cells if one is not counts], change)
    gone = [one for one in cells if one not in tries]
    meant = [one for one in tries if author.defines <= one.defines] or tries
    if len(meant) == 1:
        said = f"{author.title} was there {_times(len(cells))}: the one counts that defines what it should"
        return Settled(meant[0], gone, Change(said, counts=meant[0].text, is_doubtful=True))
    said = f"{author.title} is there {_times(len(tries))}: the last one counts"
    change = Change(said, meant[0].text, meant[-1].text, is_doubtful=True)
    return Settled(meant[-1], gone, change, is_sure=False)


def _locked(author: Released, cells: Sequence[Handed], tries: Sequence[Handed]) -> Settled:
    """Return what counts of an author's own: what is the author's goes, other text is the trainee's."""
    counts = next((one for one in cells if one.plain == author.plain), cells[-1])
    is_split = squeezed("".join(one.text for one in cells)) == squeezed(author.text)
    gone = [one for one in cells if one is not counts and (is_split or one not in tries)]
    if is_split:
        return Settled(counts, gone, Change(f"{author.title} was split into {len(cells)}: it is one again"))
    return Settled(counts, gone, Change(f"{author.title} was there {_times(len(cells))}: it counts once"))


def _different(cells: Sequence[Handed]) -> list[Handed]:
    """Return the first of those that are the same."""
    return [*{one.plain: one for one in reversed(cells)}.values()][::-1]


def _joined(author: Released, parts: Sequence[Handed], all_of_them: Sequence[Handed]) -> str:
    """Return the text that parts of a cell make; empty where they are not clearly parts of one."""
    places = [all_of_them.index(one) for one in parts]
    text = ("\n" if author.kind == "code" else "\n\n").join(one.text for one in parts)
    if len(text) > LONGEST or any(after != before + 1 for before, after in pairwise(places)):
        return ""
    if author.kind == "code":
        if all(parses(one.text) for one in parts) or not parses(text):
            return ""
    elif any(fuzz.ratio(one.plain, two.plain) >= ALIKE for one, two in pairwise(parts)):
        return ""
    return text


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
