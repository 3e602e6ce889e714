"""Damage is mended where it is clear what was meant, and nothing is guessed."""

import time

from aula.grading.repair.cells import Released
from tests.aula.grading.repair.mended import ANSWER, GOOD, RELEASED, STUB, TEST, WHOLE, cell, mend, nameless, whole


def test_what_is_whole_is_left_alone() -> None:
    """Own cells stay where they are; nothing is said."""
    cells = whole()
    cells.insert(3, ("", "total([1])", "code"))
    found = mend(cells)
    assert found.cells == [*GOOD[:3], ("own", "total([1])"), *GOOD[3:]]
    assert found.said == []


def test_names_are_found_again() -> None:
    """By the text, by what an answer defines, and by the place between neighbours that are certain."""
    found = mend(nameless(whole()))
    assert found.cells == GOOD
    assert found.said == [
        "cells had lost their names: given, total, test, more. They are known by their text",
        "cells had lost their names: mean, why. They are known by their place",
    ]
    assert found.doubts == found.said[1:]


def test_where_two_could_be_the_answer_none_is_taken() -> None:
    """Both stay as the trainee's own, the answer is empty, and a person is told where to look."""
    cells = nameless(whole())
    cells.append(("", "Or so?", "markdown"))
    found = mend(cells)
    assert found.cells == [*GOOD[:6], ("own", "So."), ("own", "Or so?"), ("why", "")]
    assert found.doubts[1:] == ["cell why was missing. It may be among cells 7, 8 of what was handed in: have a look"]


def test_where_two_define_the_same_none_is_taken() -> None:
    """Which of two nameless tries is meant is not known."""
    cells = nameless(whole())
    cells.insert(2, ("", STUB.replace("raise", "return"), "code"))
    found = mend(cells)
    assert ("total", "") in found.cells
    assert found.doubts[1:] == ["cell total was missing. It may be among cells 3, 4 of what was handed in: have a look"]


def test_an_answer_elsewhere_is_no_lost_one() -> None:
    """What stands between neighbours of its own is not taken for what is missing elsewhere, and is pointed at."""
    cells = [*whole(without=["why"])]
    cells.insert(1, ("", "So.", "markdown"))
    found = mend(cells)
    assert found.cells[-1] == ("why", "")
    assert found.doubts == ["cell why was missing. It may be in cell 2 of what was handed in: have a look"]


def test_ids_count_where_the_others_agree() -> None:
    """A cell of this notebook is known by Jupyter's id wherever it stands, and none of another notebook is."""
    cells = whole()
    cells.insert(1, ("", cells.pop(4)[1], "code"))
    cells[0] = ("", "# Mine", "markdown")
    ids = ["cell-1", "cell-5", "cell-2", "cell-3", "cell-4", "cell-6", "cell-7"]
    found = mend(cells, ids=ids)
    assert [name for name, _ in found.cells] == [name for name, _ in GOOD]
    assert "cell mean had lost its name: it is known by its id" in found.said
    other = mend(cells, ids=["cell-1", "cell-5", *"abcde"])
    assert ("mean", "") in other.cells


def test_of_two_tries_the_last_counts_where_it_stands() -> None:
    """As nbgrader has it: the first still runs, and a person is told."""
    cells = whole()
    cells.append(cell("total", "def total(numbers):\n    return 10"))
    found = mend(cells)
    assert found.cells == [*GOOD[:2], ("own", ANSWER), *GOOD[3:], ("total", "def total(numbers):\n    return 10")]
    assert found.doubts == ["cell total is there twice: the last one counts"]


def test_a_copy_that_nobody_filled_in_does_not_count() -> None:
    """Wherever it stands; nor does an empty one, nor a second one that is the same."""
    for copy in (STUB, "", ANSWER):
        for place in (0, 2, 3, 7):
            cells = whole()
            cells.insert(place, cell("total", copy))
            found = mend(cells)
            assert found.cells == GOOD
            assert found.doubts == []


def test_a_copy_that_became_another_answer_is_that_one() -> None:
    """A cell that was pasted as a start for the next one defines something else."""
    stub = Released(4, "mean", "code", "def mean(x):\n    pass", "", is_locked=False)
    mean = "def mean(x):\n    return sum(x) / len(x)"
    cells = whole()
    cells[4] = cell("total", mean)
    found = mend(cells, [*RELEASED[:4], stub, *RELEASED[5:]])
    assert found.cells == [*GOOD[:4], ("mean", mean), *GOOD[5:]]
    assert found.doubts == ["cell total was there twice: the one counts that defines what it should"]


def test_what_was_split_is_joined() -> None:
    """An answer that is Python only as a whole, a test that is the author's as a whole, two parts of a text."""
    head, tail = ANSWER.split("\n")
    for name in ("total", ""):
        cells = whole()
        cells[2:3] = [cell("total", head), (name, tail, "code")]
        assert mend(cells).cells == GOOD
    for names in (("test", "test"), ("", "")):
        cells = whole()
        cells[3:4] = [(names[0], TEST[:20], "code"), (names[1], TEST[20:], "code")]
        assert mend(cells).cells == GOOD
    cells = whole()
    cells[6:7] = [cell("why", "First, it is so."), cell("why", "Secondly, numbers do not lie.")]
    assert mend(cells).cells[-1] == ("why", "First, it is so.\n\nSecondly, numbers do not lie.")


def test_two_cells_that_each_run_are_not_joined() -> None:
    """They run one after the other, as they did for their trainee."""
    cells = whole()
    cells[4:5] = [cell("mean", "mean = 1 / 0"), cell("mean", "mean = 2.5")]
    assert mend(cells).cells == [*GOOD[:4], ("own", "mean = 1 / 0"), *GOOD[4:]]


def test_what_was_merged_is_taken_apart() -> None:
    """Whichever of the cells gave its name: no answer is lost under a test."""
    for first in range(1, 6):
        for name in (WHOLE[first], WHOLE[first + 1], ""):
            cells = whole()
            two = cells[first : first + 2]
            cells[first : first + 2] = [(name, "\n\n".join(text for _, text, _ in two), two[0][2])]
            found = mend(cells)
            assert [(one, text.strip()) for one, text in found.cells] == GOOD, (first, name)
            assert "were taken apart" in found.said[0]


def test_of_three_that_were_merged_each_is_where_it_was() -> None:
    """The answers before and behind a test are told apart by the name that the three have."""
    for name in ("total", "mean", "test"):
        cells = whole()
        cells[2:5] = [(name, "\n\n".join(text for _, text, _ in cells[2:5]), "code")]
        found = mend(cells)
        assert [(one, text.strip()) for one, text in found.cells] == GOOD, name


def test_what_was_written_into_a_test_is_not_lost() -> None:
    """It runs as the trainee's own, and the test is the author's."""
    cells = whole()
    cells[3] = cell("test", f"mine = 1\n{TEST}")
    found = mend(cells)
    assert found.cells == [*GOOD[:3], ("own", "mine = 1"), *GOOD[3:]]


def test_an_answer_that_holds_a_test_stays_as_it_is() -> None:
    """Whoever pastes a test into an answer, to try it, has damaged nothing."""
    cells = whole()
    cells[2] = cell("total", f"{ANSWER}\n\n{TEST}")
    found = mend(cells)
    assert found.cells[2] == ("total", f"{ANSWER}\n\n{TEST}")
    assert found.said == []


def test_code_that_was_given_comes_back_only_where_nothing_stands_for_it() -> None:
    """It is the trainee's to change; that of an editor without ids is not doubled."""
    released = [Released(0, "", "code", "size = 7  # of the table", "", is_locked=False), *RELEASED[1:]]
    assert mend(whole(without=[""]), released).said == ["the author's cell 1 was missing"]
    changed = mend([("", "size = 9", "code"), *whole(without=[""])], released)
    assert changed.cells == [("own", "size = 9"), *GOOD[1:]]
    assert changed.said == []


def test_a_test_that_was_changed_is_known_by_its_text() -> None:
    """Where it has lost its name; a cell of the trainee's own that is only a little like it is not."""
    cells = whole()
    cells[3] = ("", TEST.replace("10", "11"), "code")
    assert mend(cells).cells == GOOD
    cells[3] = ("", "assert total(numbers) == 11", "code")
    assert mend(cells).cells == [*GOOD[:3], ("own", "assert total(numbers) == 11"), *GOOD[3:]]


def test_answers_of_another_type_are_taken_by_what_they_are() -> None:
    """Prose in a cell of code is the written answer; what could be either is not taken for one."""
    cells = nameless(whole())
    cells[6] = ("", "Sums add up, as they should.", "code")
    assert mend(cells).cells[-1] == ("why", "Sums add up, as they should.")
    cells[6] = ("", "So", "code")
    found = mend(cells)
    assert found.cells[-2:] == [("own", "So"), ("why", "")]


def test_nothing_of_the_released_is_there() -> None:
    """Another notebook altogether: its cells are its trainee's own, and nothing is taken for an answer."""
    found = mend([("", "x = 1", "code"), ("", "Prose.", "markdown")])
    assert found.cells == [("given", ""), ("own", "x = 1"), ("own", "Prose."), *((name, "") for name in WHOLE[2:])]
    assert len(found.doubts) == 3


def test_a_hostile_notebook_costs_little_time() -> None:
    """Whatever it holds: hundreds of cells of 20 kB, alike and unlike, with names and without, that parse or not."""
    lines = "\n".join(f"x{number} = {number}" for number in range(1500))
    kinds = [
        [("", f"{lines}\n# {number}", "code") for number in range(400)],
        [("total", f"{lines}\n# {number}", "code") for number in range(400)],
        [("total", f"def total(\n{lines}\n# {number}", "code") for number in range(400)],
        [("test", TEST[: number % 40] + "a" * 20_000, "code") for number in range(400)],
        [("", TEST[:1], "code"), ("", "(" * 19_000, "code")] * 200,
        [("", ("assert total" * 1600) + str(number), "raw") for number in range(400)],
        [("", "-" * 19_999 + "1", "code"), cell("total", "def total(x):\n    return \\")] * 200,
    ]
    for cells in kinds:
        began = time.process_time()
        mend(cells)
        assert time.process_time() - began < 5
