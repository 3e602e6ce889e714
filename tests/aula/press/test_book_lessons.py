"""A lesson's page: what it printed, its solutions folded, the ways to one's own copy."""

import re
from pathlib import Path

import pytest

from aula import notebook
from aula.errors import BookError
from tests.aula.press.book_checkout import EXECUTED, RUN, build, executed_lesson


def test_no_page_names_a_host(html: Path) -> None:
    """The book is public: what a centre calls its nodes is not."""
    for page in html.rglob("*.html"):
        assert RUN["host"] not in page.read_text(encoding="utf-8") or "guides" in page.parts, page


def test_a_lesson_opens_on_the_readers_own_server(html: Path) -> None:
    """The button leads through the hub to this lesson in the reader's JupyterLab."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    assert 'href="/services/portal/open/small/01-hello"' in text


def test_a_lesson_can_be_taken_home(html: Path) -> None:
    """Beside it stands a button for the lesson as trainees get it, and the file is there."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    assert re.search(r'href="01-hello\.zip" download>Download</a>', text)
    assert (html / "courses/small/lessons/01-hello.zip").is_file()


def test_solutions_are_folded_and_what_is_not_for_readers_is_gone(html: Path) -> None:
    """A solution waits behind its toggle; injected, removed and instructors' cells are nowhere."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    folded = re.search(r'<details class="[^"]*hide.*?</details>', text, re.DOTALL)
    assert folded
    assert "Show solution" in folded[0]
    assert text.count("the answer") == folded[0].count("the answer") > 0
    for gone in ("# Parameters", "for_the_instructor", "left_out"):
        assert gone not in re.sub(r"<[^>]*>", "", text)
    assert not list(html.rglob("*.ipynb"))  # the small course's lesson travels in an archive, with its data


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [({}, "does not say when it ran"), ({"aula": {**RUN, "state": "error"}}, r"did not run clean \(error\)")],
)
def test_a_lesson_that_did_not_run_clean_is_refused(
    checkout: Path, metadata: dict[str, object], complaint: str
) -> None:
    """Nothing is published that did not run."""
    node = executed_lesson("")
    node.metadata = metadata
    notebook.write(node, checkout / EXECUTED)
    with pytest.raises(BookError, match=complaint):
        build(checkout)
