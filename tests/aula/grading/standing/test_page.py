"""The page that trainees read after handing in: whatever a submission says, it is text."""

from dataclasses import replace

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aula.grading.mark import Graded, Mark
from aula.grading.standing import page
from aula.grading.standing.public import Public
from aula.grading.template import Cell, Template

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def graded(points: float, reason: str, said: str = "", notes: tuple[str, ...] = ()) -> Graded:
    """Return what came of a submission with one test."""
    error = new_output("error", ename="Failed", evalue=said, traceback=said.splitlines())  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    cell = new_code_cell("test", metadata={"nbgrader": {"grade_id": "t"}}, outputs=[error])  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    node = new_notebook(cells=[cell])  # type: ignore[no-untyped-call]  # likewise
    return Graded("", "sums", "", node, {"t": Mark(points, reason)}, notes=notes)


def known(*, partly: bool = False) -> Public:
    """Return an assignment with one visible test of 4 points."""
    cell = new_code_cell("test", metadata={"nbgrader": {"grade_id": "t"}})  # type: ignore[no-untyped-call]  # likewise
    node = new_notebook(cells=[new_markdown_cell("## Task 1"), cell])  # type: ignore[no-untyped-call]  # likewise
    template = Template("sums", node, {"t": Cell("t", "test", cell, 4.0, "")}, "", node)
    return Public(template, frozenset("t" if partly else ""), frozenset())


def test_nothing_of_a_submission_is_markup() -> None:
    """Reasons, what a test said and notes are escaped, and the page permits no script and no picture."""
    for one in (graded(0, EVIL), graded(0, page.NEUTRAL, EVIL), graded(4, "", notes=(EVIL,))):
        text = page.result(known(), one, 0.0, 1)
        assert EVIL not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "default-src 'none'" in text
    assert EVIL not in page.none(known(), 0.0, EVIL, [EVIL])


def test_a_test_without_words_of_its_own_shows_its_line() -> None:
    """Trainees have visible tests before them: the line says more than that one did not pass."""
    text = page.result(known(), graded(0, page.NEUTRAL, "AssertionError\nline 2: assert total([1]) == 1"), 0.0, 1)
    assert "line 2: assert total([1]) == 1" in text
    assert page.NEUTRAL not in text
    assert "line 2" not in page.result(known(), graded(0, "The sum is wrong.", "line 2"), 0.0, 1)


def test_each_mark_has_a_word() -> None:
    """All, a part, nothing."""
    for points, word in ((4.0, "Passed"), (1.5, "In part"), (0.0, "Failed")):
        assert f">{word}<" in page.result(known(), graded(points, "so"), 0.0, 1)


def test_what_else_counts_is_said() -> None:
    """Hidden tests are named where there are some, and nothing is where there is nothing."""
    assert "hidden tests" in page.result(known(partly=True), graded(4, ""), 0.0, 1)
    assert "hidden" not in page.result(known(), graded(4, ""), 0.0, 1)


def test_a_long_reason_is_cut() -> None:
    """A megabyte of words makes no page of a megabyte."""
    assert len(page.result(known(), graded(0, "x" * 1_000_000, notes=("y" * 1_000_000,)), 0.0, 1)) < 20_000


def test_a_cell_that_broke_off_is_named() -> None:
    """What it would have defined is missing in the tests: that is said, escaped, and not where all tests passed."""
    failed = graded(0, "Your code raised NameError: name 'total' is not defined")
    broken = new_output("error", ename="ValueError", evalue=EVIL, traceback=[])  # type: ignore[no-untyped-call]  # likewise
    failed.node.cells.insert(0, new_code_cell("1", outputs=[broken]))  # type: ignore[no-untyped-call]  # likewise
    text = page.result(known(), failed, 0.0, 1)
    assert "Cell 1 of your notebook ended with ValueError: &lt;script&gt;" in text
    passed = replace(failed, marks={"t": Mark(4.0)})
    assert "ended with" not in page.result(known(), passed, 0.0, 1)
