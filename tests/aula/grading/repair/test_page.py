"""The page of what was repaired: whatever was handed in, it is text."""

from nbformat.v4 import new_notebook

from aula.grading.mark import Graded
from aula.grading.repair import difference, page, told
from aula.grading.repair.change import Change

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_nothing_of_a_submission_is_markup() -> None:
    """Texts, names and what is said are escaped, and the page permits no script and no picture."""
    text = page.of("sums", EVIL, [Change(EVIL, EVIL, "so"), Change("more", is_doubtful=True)])
    assert EVIL not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4
    assert "default-src 'none'" in text
    assert "Have a look" in text


def test_where_nothing_was_mended_there_is_no_page() -> None:
    """Nor is there a cell on top of the notebook."""
    node = new_notebook()  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    assert page.of("sums", "ana", []) == ""
    assert told.of(Graded("ana", "sums", "", node, {})) is node


def test_the_first_cell_says_what_was_mended_as_text() -> None:
    """Neither HTML nor Markdown of a note is any."""
    node = new_notebook()  # type: ignore[no-untyped-call]  # likewise
    shown = told.of(
        Graded("ana", "sums", "", node, {}, notes=("cell a was <b>\nmissing</b>", "[so](x)"), repaired="page")
    )
    assert shown.cells[0].source == (
        "**About what was handed in:**\n\n- cell a was \\<b\\> missing\\<\\/b\\>\n- \\[so\\]\\(x\\)"
    )
    assert node.cells == []


def test_lines_say_whose_they_are() -> None:
    """What was handed in, what counts, and what is in both."""
    assert difference.lines(Change("", "a\nb", "a\nc")) == [(" ", "a"), ("-", "b"), ("+", "c")]


def test_nothing_can_be_done_with_lines_but_read_them() -> None:
    """No control of a terminal, no turned text, no endless line, no endless text."""
    (line,) = difference.lines(Change("", "\x1b[2J\u202eso\t."))
    assert line.text == "\ufffd[2J\ufffdso\t."
    lines = difference.lines(Change("", "\n".join(["x" * 1000] * 1000)))
    assert len(lines) == 301
    assert lines[0].text == "x" * 300 + " …"
    assert lines[-1].text == "… and 700 more lines"


def test_a_page_shows_no_endless_list() -> None:
    """The rest is counted."""
    assert "And 5 more." in page.of("sums", "ana", [Change("so")] * 205)
