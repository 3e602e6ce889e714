"""What is left of a damaged notebook: scraps go, and what may be a part of an answer is pointed at."""

from tests.aula.grading.repair.mended import ANSWER, GIVEN, GOOD, TEST, cell, mend, whole

HEAD, TAIL = ANSWER.split("\n")


def test_copies_without_a_name_go() -> None:
    """Of a test, and of an answer."""
    for text in (TEST, ANSWER):
        found = mend([*whole(), ("", text, "code")])
        assert found.cells == GOOD
        assert len(found.said) == 1


def test_scraps_of_a_torn_cell_go() -> None:
    """A line of the author's is no cell of the trainee's own where the cell that it is from is not whole."""
    cells = whole()
    cells[1] = cell("given", "pass")
    cells.append(("", GIVEN, "code"))
    assert mend(cells).cells == GOOD


def test_what_is_like_a_torn_cell_is_pointed_at() -> None:
    """It stays, for there is more in it."""
    cells = whole()
    cells[1] = cell("given", "pass")
    cells.append(("", f"{GIVEN}\nmine = 1", "code"))
    found = mend(cells)
    assert found.cells == [*GOOD, ("own", f"{GIVEN}\nmine = 1")]
    assert found.doubts == ["cell 8 of what was handed in is like cell given: it runs as the trainee's own"]


def test_what_could_mend_an_answer_is_pointed_at() -> None:
    """A piece of it that stands elsewhere is not joined to it, for that is a guess."""
    cells = whole()
    cells[2] = cell("total", HEAD)
    cells.append(("", TAIL, "code"))
    found = mend(cells)
    assert found.cells[2] == ("total", HEAD)
    assert found.doubts == ["cell total is no Python without cell 8 of what was handed in: is it a part?"]


def test_a_part_of_an_answer_once_more_is_pointed_at() -> None:
    """Where names were there twice; who tries lines of an answer in a cell of their own has damaged nothing."""
    two = f"first = 1\nsecond = 2\n{ANSWER}"
    cells = whole()
    cells[2] = cell("total", two)
    cells.append(("", "first = 1\nsecond = 2", "code"))
    assert mend(cells).said == []
    cells.append(cell("given"))
    assert mend(cells).doubts == ["cell 8 of what was handed in is a part of cell total: it runs as well"]


def test_a_cell_that_goes_back_over_others_is_pointed_at() -> None:
    """Where it stood before the trainee's own code, and does not any more."""
    cells = whole()
    cells.insert(1, cells.pop(3))
    assert mend(cells).doubts == []
    cells.insert(2, ("", "mine = 1", "code"))
    said = "cell test stood in another place, and other cells of the trainee's own run before it now"
    assert mend(cells).doubts == [said]


def test_a_test_with_an_answers_name_is_the_test() -> None:
    """Two cells were merged of which the answer was empty: the answer is missing, not the test."""
    cells = whole(without=["test"])
    cells[2] = cell("total", TEST)
    found = mend(cells)
    assert found.cells == [*GOOD[:2], ("total", ""), *GOOD[3:]]
    assert found.doubts == ["cell total was missing"]
