"""A corrected notebook and what a trainee wrote, in one."""

from typing import Any

import pytest
from aula_versions.merge import merged, nearest, source, untouched

Cell = dict[str, Any]


def code(text: str, number: int, **marks: object) -> Cell:
    """Return a code cell as a released notebook has it; with marks, one that nbgrader knows."""
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "metadata": {"nbgrader": marks} if marks else {},
        "source": text,
        "outputs": [],
        "execution_count": None,
    }


def answer(name: str, text: str, number: int) -> Cell:
    """Return a cell for an answer."""
    return code(text, number, grade_id=name, solution=True, locked=False)


def test_cell(name: str, text: str, number: int) -> Cell:
    """Return a cell that holds a test."""
    return code(text, number, grade_id=name, solution=False, grade=True, locked=True, points=1)


test_cell.__test__ = False  # type: ignore[attr-defined]  # it is none for pytest


def book(*cells: Cell) -> dict[str, Any]:
    """Return a notebook of copies of these cells."""
    return {"cells": [{**cell} for cell in cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def texts(whole: dict[str, Any]) -> list[str]:
    """Return what its cells say."""
    return [source(cell) for cell in whole["cells"]]


GIVEN = book(code("intro", 1), answer("total", "stub", 2), test_cell("total-test", "assert 1", 3), code("outro", 4))
CORRECTED = book(
    code("new", 1),
    code("intro", 2),
    answer("total", "better stub", 3),
    test_cell("total-test", "assert 2", 4),
    code("outro!", 5),
)


def theirs(**changed: str) -> dict[str, Any]:
    """Return the given notebook with some cells changed, by their texts."""
    return book(*({**cell, "source": changed.get(source(cell), source(cell))} for cell in GIVEN["cells"]))


def test_an_answer_is_theirs_and_the_rest_is_new() -> None:
    """The answer stays word by word; new text, a corrected test and a corrected cell come; ids are unique."""
    whole = merged(GIVEN, theirs(stub="return 42"), CORRECTED)
    assert texts(whole) == ["new", "intro", "return 42", "assert 2", "outro!"]
    assert len({cell["id"] for cell in whole["cells"]}) == 5
    assert whole["cells"][2]["metadata"] == CORRECTED["cells"][2]["metadata"]


def test_what_nobody_wrote_in_is_replaced() -> None:
    """A stub that was left as it came is the new one."""
    assert texts(merged(GIVEN, theirs(), CORRECTED)) == texts(CORRECTED)


def test_a_test_cell_is_the_instructors() -> None:
    """What somebody changed in a locked cell does not stay."""
    assert "assert 2" in texts(merged(GIVEN, theirs(**{"assert 1": "pass"}), CORRECTED))


def test_own_cells_stay_where_they_are() -> None:
    """Cells that somebody added follow the cell that they stood behind; one at the top stays there."""
    mine = theirs(stub="x")
    mine["cells"].insert(0, {**code("my first", 0), "id": "abc"})
    mine["cells"].insert(3, {**code("my second", 0), "id": "def"})
    assert texts(merged(GIVEN, mine, CORRECTED)) == ["my first", "new", "intro", "x", "my second", "assert 2", "outro!"]


def test_a_copied_answer_loses_its_marks() -> None:
    """nbgrader knows each grade id once: the first is the answer, the copy is a cell like others."""
    mine = theirs(stub="x")
    mine["cells"].insert(2, {**answer("total", "y", 0), "id": "abc"})
    whole = merged(GIVEN, mine, CORRECTED)
    assert texts(whole)[2:4] == ["x", "y"]
    assert whole["cells"][3]["metadata"] == {}


def test_where_both_changed_a_cell_both_stay() -> None:
    """A cell that both changed comes as the author's, with theirs behind it; one that only they changed is theirs."""
    whole = merged(GIVEN, theirs(outro="mine", intro="too"), CORRECTED)
    assert texts(whole) == ["new", "too", "better stub", "assert 2", "outro!", "mine"]
    assert len({cell["id"] for cell in whole["cells"]}) == 6


@pytest.mark.parametrize(("change", "left"), [({"stub": "x", "intro": "y"}, ["y", "x"]), ({}, [])])
def test_what_the_new_version_has_not(change: dict[str, str], left: list[str]) -> None:
    """What they wrote in a cell that is gone stays, at the end and without marks; what they did not touch goes."""
    whole = merged(GIVEN, theirs(**change), book(code("only this, now", 1)))
    assert texts(whole) == ["only this, now", *left]
    assert all("nbgrader" not in cell["metadata"] for cell in whole["cells"])


def test_a_cell_that_they_deleted_stays_deleted() -> None:
    """Nothing comes back that the correction did not touch; what it corrected does."""
    mine = book(*theirs(stub="x")["cells"][1:3])
    assert texts(merged(GIVEN, mine, CORRECTED)) == ["new", "x", "assert 2", "outro!"]


def test_outputs_stay_with_what_printed_them() -> None:
    """What an unchanged cell and an answer printed is kept; of a cell that was corrected it is not."""
    mine = theirs(stub="x")
    for number, cell in enumerate(mine["cells"]):
        cell["outputs"], cell["execution_count"] = [{"output_type": "stream", "name": "stdout", "text": "1"}], number
    counts = [cell["execution_count"] for cell in merged(GIVEN, mine, CORRECTED)["cells"]]
    assert counts == [None, 0, 1, None, None]


def test_done_twice_it_is_the_same() -> None:
    """A merged notebook is one of the new version, whatever was in it: nothing is merged again."""
    mine = theirs(stub="return 42", intro="mine", outro="mine too")
    mine["cells"].append({**code("added", 0), "id": "abc"})
    whole = merged(GIVEN, mine, CORRECTED)
    assert nearest(whole, [GIVEN, CORRECTED]) == 1
    assert texts(merged(CORRECTED, whole, CORRECTED)) == texts(whole)


def test_which_version_somebody_has() -> None:
    """It is the one that they have most cells of; where there is nothing to tell, the latest."""
    assert nearest(theirs(stub="x"), [GIVEN, CORRECTED]) == 0
    assert nearest(book(), [GIVEN, CORRECTED]) == 1


def test_what_is_untouched() -> None:
    """A notebook in which something ran, or was written, is somebody's work; how its file is written is not."""
    assert untouched(book(*({**cell, "source": [source(cell)]} for cell in GIVEN["cells"])), GIVEN)
    assert not untouched(theirs(stub="x"), GIVEN)
    ran = theirs()
    ran["cells"][0]["outputs"] = [{}]
    assert not untouched(ran, GIVEN)
