"""How a text that was handed in differs from what counts, line by line, as people read it."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from aula.grading.repair.change import Change

MOST_LINES = 300
LONGEST = 300
"""Characters of a line that are shown."""
SHOWN = "\t"


class Line(NamedTuple):
    """A line of either text or of both."""

    sign: Literal["-", "+", " "]
    """Handed in, counting, or both."""
    text: str


def lines(change: Change) -> list[Line]:
    """Return the lines of a change, with no character that could do anything but be read."""
    old, new = _lines(change.handed_in), _lines(change.counts)
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Line(" ", text) for text in old[a:b]]
            continue
        found += [Line("-", text) for text in old[a:b]]
        found += [Line("+", text) for text in new[c:d]]
    return found


def _lines(text: str) -> list[str]:
    every = text.splitlines()
    return [*map(_shown, every[:MOST_LINES]), *_more(len(every) - MOST_LINES)]


def _shown(line: str) -> str:
    cut = line if len(line) <= LONGEST else f"{line[:LONGEST]} …"
    return "".join(letter if letter.isprintable() or letter in SHOWN else "\N{REPLACEMENT CHARACTER}" for letter in cut)


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"… and {count} more lines"
