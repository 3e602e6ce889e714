"""Answers that look alike beyond what everybody was given, and what most people write: flagged for a look, no more.

Each answer becomes a set of fingerprints, short rows of tokens within a statement. Names, comments, texts and the
order of statements make no difference. What the author has written, and what many of the class have, says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from pydantic import BaseModel, ConfigDict

from aula.errors import GlanceError
from aula.glance import answers
from aula.glance.answers import Answers
from aula.glance.folders import Folders
from aula.glance.tokens import Gram, Statement, statements

FEWEST = 18
"""Fingerprints that two must share: fewer are a short answer, or chance."""
SHARE = 0.7
"""How much of the smaller one's own the other must have."""
USUAL, USUAL_PEOPLE = 0.15, 5
"""What more than this part of the class has, and more than so many people, is usual."""
MOST = 100
"""Pairs that are told; the most alike come first."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Told):
    """A line of an answer, and whether the other one has it too."""

    text: str
    alike: bool


class Cell(_Told):
    """Both answers to one cell."""

    name: str
    a: tuple[Line, ...]
    b: tuple[Line, ...]


class Pair(_Told):
    """Two people whose answers look alike. Nothing says who was first, or why."""

    a: str
    b: str
    share: float
    cells: tuple[Cell, ...]


class Alike(_Told):
    """What was compared, and what is flagged for a look."""

    assignment: str
    compared: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class _Answer:
    statements: Mapping[str, list[Statement]]
    own: frozenset[Gram]


def look(folders: Folders, assignment: str) -> Alike:
    """Compare all answers to an assignment. Raises GlanceError where it was not released."""
    given = answers.released(folders.run_dir, assignment)
    if not any(given):
        raise GlanceError(f"'{assignment}' has no answers to compare, or was not released: look at its name")
    return compare(assignment, given, answers.of_class(folders, assignment))


def compare(assignment: str, given: Iterable[Answers], found: Mapping[str, Answers]) -> Alike:
    """Compare answers by student, beyond what is given."""
    known = {gram for one in given for part in one.values() for gram in _grams(statements(part))}
    parsed = {who: {name: statements(text) for name, text in one.items()} for who, one in found.items()}
    everybodys = {who: frozenset(gram for part in one.values() for gram in _grams(part)) for who, one in parsed.items()}
    holders: dict[Gram, list[str]] = defaultdict(list)
    for who, grams in everybodys.items():
        for gram in grams - known:
            holders[gram].append(who)
    most = max(USUAL_PEOPLE, USUAL * len(found))
    rare = {gram for gram, whose in holders.items() if len(whose) <= most}
    own = {who: _Answer(parsed[who], grams & rare) for who, grams in everybodys.items()}
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for gram in rare:
        for pair in combinations(holders[gram], 2):
            shared[pair] += 1
    pairs = [
        (number / smaller, a, b)
        for (a, b), number in shared.items()
        if number >= FEWEST and number >= SHARE * (smaller := min(len(own[a].own), len(own[b].own)))
    ]
    pairs.sort(key=lambda one: (-one[0], *one[1:]))
    told = [_pair(share, a, b, own, found) for share, a, b in pairs[:MOST]]
    return Alike(assignment=assignment, compared=len(found), pairs=tuple(told))


def _grams(found: Iterable[Statement]) -> Iterator[Gram]:
    for one in found:
        yield from one.grams


def _pair(share: float, a: str, b: str, own: Mapping[str, _Answer], found: Mapping[str, Answers]) -> Pair:
    both = own[a].own & own[b].own
    cells = []
    for name in own[a].statements:
        left, right = (_lines(found[who].get(name, ""), own[who].statements.get(name, []), both) for who in (a, b))
        if any(line.alike for line in left):
            cells.append(Cell(name=name, a=left, b=right))
    return Pair(a=a, b=b, share=share, cells=tuple(cells))


def _lines(source: str, parts: Iterable[Statement], both: frozenset[Gram]) -> tuple[Line, ...]:
    marked = {number for one in parts if not both.isdisjoint(one.grams) for number in range(one.first, one.last + 1)}
    return tuple(Line(text=text, alike=number in marked) for number, text in enumerate(source.split("\n")))
