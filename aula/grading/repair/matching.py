"""Which cell that was handed in is which of the released ones, as far as that is certain."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

from rapidfuzz import fuzz

from aula.grading.repair.cells import LONGEST, Handed, Released
from aula.grading.repair.change import Change
from aula.grading.repair.copies import settle
from aula.grading.repair.parsing import parses

MOST = 200
"""Cells of the trainee's own that are compared by their likeness: nobody writes more."""
CROWD = 20
"""Cells between two neighbours among which nobody can tell an answer."""
LIKE = 85.0
"""Per cent, from which a text is an author's that was changed."""
CLEAR = 10.0
"""Per cent by which the best is better than the next."""
PIECES = 4
"""Cells into which an answer is split at most, beside its first."""


class Matching:
    """The released cells, each with the one that was handed in for it where that is certain."""

    def __init__(self, released: Sequence[Released], handed: list[Handed]) -> None:
        self.released, self.handed = released, handed
        self.of: dict[int, Handed] = {}
        """What was handed in, by the place of the released cell."""
        self.unsure: set[int] = set()
        """Places of cells that stay where they stand, for it is not clear what was meant."""
        self.changes: list[Change] = []
        self._taken: set[Handed] = set()
        self.doubled: set[int] = set()
        """Places of cells whose name was there more than once."""
        self._known: dict[str, list[tuple[Released, Handed]]] = {"text": [], "id": [], "place": []}
        for step in (self._by_name, self._by_text, self._by_id, self._joined, self._by_likeness, self._by_place):
            step()
        self._pieces()
        self.changes += self._nameless()

    def spare(self) -> Iterator[Handed]:
        """Yield the cells that are none of the author's as far as is known."""
        return (one for one in self.handed if one not in self._taken)

    def missing(self) -> list[Released]:
        """Return the released cells that nothing was handed in for."""
        return [cell for cell in self.released if cell.place not in self.of]

    def gaps(self) -> Iterator[tuple[list[Released], list[Handed]]]:
        """Yield what is missing between two neighbours that are certain, with the cells that stand there."""
        where = {one: index for index, one in enumerate(self.handed)}
        run: list[Released] = []
        last = -1
        for cell in [*self.released, None]:
            if cell is not None and cell.place not in self.of:
                run.append(cell)
                continue
            here = where[self.of[cell.place]] if cell is not None else len(self.handed)
            between = self.handed[last + 1 : here]
            if run and not any(one in self._taken for one in between):
                yield run, between
            run, last = [], here

    def _take(self, cell: Released, one: Handed, how: str = "") -> None:
        self.of[cell.place] = one
        self._taken.add(one)
        if how and cell.name:
            self._known[how].append((cell, one))

    @property
    def is_nameless(self) -> bool:
        """Whether a cell of the author's had lost its name."""
        return any(self._known.values())

    def drop(self, gone: Iterable[Handed]) -> None:
        """Let cells not be there."""
        if away := set(gone):
            self.handed = [one for one in self.handed if one not in away]

    def _by_name(self) -> None:
        named = defaultdict(list)
        for one in self.handed:
            named[one.name].append(one)
        for cell in self.released:
            if cell.name and (cells := named[cell.name]):
                settled = settle(cell, cells, self.handed)
                self.doubled |= {cell.place} if len(cells) > 1 else set()
                self._take(cell, settled.counts)
                self.drop(settled.gone)
                self.changes += [settled.change] if settled.change else []
                if not settled.is_sure:
                    self.unsure.add(cell.place)

    def _by_text(self) -> None:
        """Take cells that are as they were released; of some that are the same, in their order."""
        wanted, there = defaultdict(list), defaultdict(list)
        for cell in self.missing():
            wanted[cell.plain].append(cell)
        for one in self.spare():
            there[one.plain].append(one)
        for text, cells in wanted.items():
            if text and (all(cell.is_locked for cell in cells) or len(there[text]) >= len(cells)):
                for cell, one in zip(cells, there[text], strict=False):
                    self._take(cell, one, "text")

    def _by_id(self) -> None:
        """Take cells by Jupyter's id, where those of most others say that this is the notebook that was released."""
        pairs = [(self.released[place].id, one.id) for place, one in self.of.items() if one.id]
        if 2 * sum(mine == theirs for mine, theirs in pairs) <= len(pairs):
            return
        there = defaultdict(list)
        for one in self.spare():
            there[one.id].append(one)
        for cell in self.missing():
            if cell.id and len(found := there[cell.id]) == 1 and found[0].plain:
                self._take(cell, found[0], "id")

    def _joined(self) -> None:
        """Take the pieces of the author's cells that stand one behind the other and are together what was released."""
        for cell in self.released:
            mine = self.of.get(cell.place)
            if not cell.is_locked or not cell.plain or (mine and mine.plain == cell.plain):
                continue
            first = [mine] if mine else [one for one in self.spare() if one.plain]
            where = {one: index for index, one in enumerate(self.handed)}
            pieces = next(filter(None, (self._pieces_of(cell.squeezed, one, where[one]) for one in first)), None)
            if pieces:
                self.changes.append(Change(f"{cell.title} was split into {len(pieces)}: it is one again"))
                pieces[0].become(cell.text)
                self.of[cell.place] = pieces[0]
                self._taken.add(pieces[0])
                self.drop(pieces[1:])

    def _pieces_of(self, whole: str, first: Handed, index: int) -> list[Handed]:
        """Return a cell and those behind it that are together a text; none where they are not, or it is one alone."""
        found: list[Handed] = []
        behind = takewhile(lambda one: one not in self._taken, islice(self.handed, index + 1, None))
        for one in chain([first], behind):
            if not whole.startswith(one.squeezed):
                return []
            found.append(one)
            whole = whole[len(one.squeezed) :]
            if not whole:
                return found if len(found) > 1 else []
        return []

    def _by_likeness(self) -> None:
        """Take cells by what they define, or where their text is nearly the author's, and no other cell's is."""
        different = {one.plain: one for one in self.spare() if one.plain and len(one.plain) <= LONGEST}
        spare = [*islice(different.values(), MOST)]
        self._mutual(spare, _defines, 1.0)
        self._mutual([one for one in spare if one not in self._taken], _ratio, CLEAR)

    def _mutual(self, spare: Sequence[Handed], like: Callable[[Released, Handed], float], clear: float) -> None:
        """Take those that are each other's best by far."""
        cells = self.missing()
        rows = [[like(cell, one) for one in spare] for cell in cells]
        best = {}
        for row, cell in zip(rows, cells, strict=True):
            for index, score in enumerate(row):
                others = max((one for number, one in enumerate(row) if number != index), default=0.0)
                beside = max((other[index] for other in rows if other is not row), default=0.0)
                if score and score >= max(others, beside) + clear:
                    best[cell.place] = spare[index]
        for place, one in best.items():
            self._take(self.released[place], one, "text")

    def _by_place(self) -> None:
        """Take a cell that stands alone where one of its type is missing, between two neighbours that are certain."""
        if not self.of:
            return
        found = []
        for run, between in self.gaps():
            if len(between) > CROWD:
                continue
            for kind in ("code", "markdown"):
                cells = [cell for cell in run if cell.is_answer and cell.kind == kind]
                ones = [one for one in between if one.plain and fits(kind, one)]
                if len(cells) == len(ones) == 1:
                    found.append((cells[0], ones[0]))
        for cell, one in found:
            if one not in self._taken:
                self._take(cell, one, "place")

    def _pieces(self) -> None:
        """Join an answer of code with what was split off it and lost its name, where they are Python only together."""
        where = {one: index for index, one in enumerate(self.handed)}
        gone: list[Handed] = []
        for place, one in self.of.items():
            cell = self.released[place]
            if cell.is_answer and cell.kind == "code":
                pieces = self._split_off(one, where[one])
                if pieces:
                    text = "\n".join(piece.text for piece in (one, *pieces))
                    said = f"{cell.title} was split into {len(pieces) + 1}: its parts were joined"
                    self.changes.append(Change(said, counts=text))
                    one.become(text)
                    gone += pieces
        self.drop(gone)

    def _split_off(self, one: Handed, index: int) -> list[Handed]:
        """Return the cells right behind one that are its pieces."""
        behind = takewhile(lambda next_: next_ not in self._taken and next_.kind == one.kind, self.handed[index + 1 :])
        pieces: list[Handed] = []
        for piece in islice(behind, PIECES):
            pieces.append(piece)
            texts = [part.text for part in (one, *pieces)]
            if parses("\n".join(texts)):
                return pieces if not all(map(parses, texts)) else []
        return []

    def _nameless(self) -> Iterator[Change]:
        """Yield what is to be said of cells that had lost their names."""
        for how, pairs in self._known.items():
            if pairs:
                text = "\n\n".join(one.text for _, one in pairs) if how == "place" else ""
                names = ", ".join(cell.name for cell, _ in sorted(pairs, key=lambda pair: pair[0].place))
                one = f"cell {names} had lost its name: it is known by its {how}"
                more = f"cells had lost their names: {names}. They are known by their {how}"
                yield Change(one if len(pairs) == 1 else more, text, text, is_doubtful=how == "place")


def _defines(cell: Released, one: Handed) -> float:
    """Return 1 where a cell defines what an answer is to define."""
    return float(cell.is_answer and cell.kind == "code" and bool(cell.defines) and cell.defines <= one.defines)


def _ratio(cell: Released, one: Handed) -> float:
    """Return how much of an author's text a cell has, in per cent; 0 where that is too little."""
    if not cell.is_locked or not cell.plain or len(cell.plain) > LONGEST:
        return 0.0
    return float(fuzz.ratio(cell.plain, one.plain, score_cutoff=LIKE))


def fits(kind: str, one: Handed) -> bool:
    """Return whether a cell can be an answer of that type: it is of the type, or its text can only be of the type."""
    return one.kind == kind or parses(one.plain) == (kind == "code")
