"""A notebook that is handed in damaged, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aula.grading.repair.apart import apart
from aula.grading.repair.cells import Handed, Released
from aula.grading.repair.change import Change
from aula.grading.repair.leftovers import doubts, leave_out
from aula.grading.repair.matching import Matching
from aula.grading.repair.order import Placed, arrange

TITLE = "# Sums and what they are good for"
GIVEN = "numbers = [1, 2, 3, 4]"
STUB = "def total(numbers):\n    raise NotImplementedError()"
ANSWER = "def total(numbers):\n    return sum(numbers)"
TEST = "assert total(numbers) == 10, 'the sum is wrong'"
MORE = "assert total([]) == 0, 'of nothing it is 0'"
PLAIN = "# YOUR CODE HERE\nraise NotImplementedError()"
RELEASED = (
    Released(0, "", "markdown", TITLE, "cell-1", is_locked=False),
    Released(1, "given", "code", GIVEN, "cell-2", is_locked=True),
    Released(2, "total", "code", STUB, "cell-3", is_locked=False),
    Released(3, "test", "code", TEST, "cell-4", is_locked=True, is_test=True),
    Released(4, "mean", "code", PLAIN, "cell-5", is_locked=False),
    Released(5, "more", "code", MORE, "cell-6", is_locked=True, is_test=True),
    Released(6, "why", "markdown", "YOUR ANSWER HERE", "cell-7", is_locked=False),
)
TEXTS = {"": TITLE, "given": GIVEN, "total": ANSWER, "test": TEST, "mean": "mean = 2.5", "more": MORE, "why": "So."}
WHOLE = tuple(TEXTS)
Cell = tuple[str, str] | tuple[str, str, str]


@dataclass
class Mended:
    """What came of the cells that were handed in."""

    row: list[Placed]
    changes: list[Change]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Each cell's name, and its text where it is not the author's to say; of what came back it is empty."""
        return [(_name(one), "" if one.author and one.author.is_locked else _text(one)) for one in self.row]

    @property
    def said(self) -> list[str]:
        """What was done, in words."""
        return [change.said for change in self.changes]

    @property
    def doubts(self) -> list[str]:
        """What a person should look at."""
        return [change.said for change in self.changes if change.is_doubtful]


def _name(one: Placed) -> str:
    return "own" if one.author is None else one.author.name or "title"


def _text(one: Placed) -> str:
    return one.handed.text if one.handed and one.handed.text != TITLE else ""


def cell(name: str, text: str | None = None, kind: str = "") -> Cell:
    """Return a cell that is handed in, by default answered and whole."""
    return (name, TEXTS[name] if text is None else text, kind or ("markdown" if name in ("", "why") else "code"))


def whole(*, without: Sequence[str] = ()) -> list[Cell]:
    """Return an answered notebook, without some cells."""
    return [cell(name) for name in WHOLE if name not in without]


def mend(cells: Sequence[Cell], released: Sequence[Released] = RELEASED, ids: Sequence[str] = ()) -> Mended:
    """Return what comes of cells that are handed in."""
    handed = [
        Handed(number, kind, text, name, ids[number - 1] if ids else "")
        for number, (name, text, kind) in enumerate(cells, start=1)
    ]
    parts, changes = apart(released, handed)
    found = Matching(released, parts)
    left = [*leave_out(found), *doubts(found)]
    row, more = arrange(found)
    return Mended(row, [*changes, *found.changes, *left, *more])


GOOD = [
    *(("title", ""), ("given", ""), ("total", ANSWER), ("test", ""), ("mean", "mean = 2.5")),
    *(("more", ""), ("why", "So.")),
]


def nameless(cells: Sequence[Cell]) -> list[Cell]:
    """Return cells that have lost their names."""
    return [("", text, kind) for _, text, kind in cells]
