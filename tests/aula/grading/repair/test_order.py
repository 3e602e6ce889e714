"""The author's order, and cells that are missing."""

from random import Random

from aula.grading.repair.order import standing
from tests.aula.grading.repair.mended import GOOD, WHOLE, mend, whole


def test_cells_go_back_to_their_place() -> None:
    """As few as can be, and the trainee's own stay where they are."""
    for start in range(1, 7):
        for to in range(7):
            cells = whole()
            cells.insert(to, cells.pop(start))
            assert mend(cells).cells == GOOD, (start, to)
    cells = [*whole(), ("", "last", "code")]
    cells.insert(0, ("", "first", "code"))
    cells.insert(0, cells.pop(4))
    assert mend(cells).cells == [("own", "first"), *GOOD, ("own", "last")]


def test_what_stands_longest_in_order_stays() -> None:
    """The longest rising part of a row of places."""
    assert standing([]) == set()
    assert standing([3, 0, 1, 2]) == {0, 1, 2}
    assert standing([0, 5, 1, 2, 6, 3, 4]) == {0, 1, 2, 3, 4}
    chance = Random(3)  # noqa: S311 - a test's variety, no secret
    for _ in range(50):
        row = chance.sample(range(30), 12)
        kept = [place for place in row if place in standing(row)]
        assert kept == sorted(kept)
        best = [1] * len(row)
        for end, place in enumerate(row):
            best[end] = 1 + max((best[index] for index in range(end) if row[index] < place), default=0)
        assert len(kept) == max(best)


def test_missing_cells_come_back() -> None:
    """Each in its place; an answer is empty, a text that explains does not come back."""
    for name in WHOLE:
        found = mend(whole(without=[name]))
        expected = [(one, "" if one == name else text) for one, text in GOOD if name or one != "title"]
        assert found.cells == expected
        assert found.said == ([f"cell {name} was missing"] if name else [])
