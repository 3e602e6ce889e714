"""An assignment's page: from the released copy, and nothing of a solution."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_output

from aula import catalogue, cli, notebook
from aula.errors import BookError
from aula.press import pages
from aula.run.job import Result
from tests.aula.press.book_checkout import RUN, build, released_copy, solved


def test_an_assignment_comes_from_the_released_copy(html: Path) -> None:
    """The page says that it is handed in on the platform, and holds no solution of the source."""
    text = (html / "courses/small/assignments/sums/sums.html").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    assert "You hand it in on the platform" in text
    everything = "".join(
        path.read_text(encoding="utf-8") for path in html.rglob("*") if path.suffix in (".html", ".js")
    )
    assert "start=0" not in everything
    assert "19, 23" not in everything


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("### BEGIN SOLUTION\nreturn 1\n### END SOLUTION"),
        new_code_cell("### BEGIN HIDDEN TESTS\nassert total([1]) == 1\n### END HIDDEN TESTS"),
        new_code_cell("total([1])", outputs=[new_output("stream", text="1")]),
    ],
)
def test_an_assignment_with_its_solution_is_refused(checkout: Path, cell: notebook.NotebookNode) -> None:
    """Named the source folder in place of the released one, the build stops before it publishes answers."""
    node = released_copy()
    node.cells.append(cell)
    notebook.write(node, checkout / "released/sums/sums.ipynb")
    with pytest.raises(BookError, match="cell 3 shows a solution, a hidden test or an output"):
        build(checkout)


def test_released_may_hold_a_run_for_each_course(checkout: Path) -> None:
    """Several courses' released copies lie side by side, each in its course run's folder."""
    (checkout / "released").rename(checkout / "run")
    (checkout / "runs/small").mkdir(parents=True)
    (checkout / "run").rename(checkout / "runs/small/release")
    course = catalogue.load(checkout).course("small")
    result = Result(**{**RUN, "source": ""})  # type: ignore[arg-type]  # of many kinds
    node = pages.assignment(course, course.assignments[0], checkout / "runs", solved(""), result)
    assert "YOUR CODE HERE" in node.cells[1].source


def test_a_copy_older_than_its_text_is_refused(checkout: Path) -> None:
    """The book shows no assignment that has changed since it was released."""
    notebook.write(released_copy(), checkout / "source/sums/sums.ipynb")
    with pytest.raises(BookError, match="is stale: assignment 'sums' has changed"):
        build(checkout)


def test_the_command_says_where_the_book_is(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has built a book knows what to open."""
    folders = {name: str(checkout / name) for name in ("executed", "released", "html")}
    words = ["--executed", folders["executed"], "--released", folders["released"], "--out", folders["html"]]
    assert cli.main(["--root", str(checkout), "book", *words, "--edition", "1.2.3"]) == 0
    assert capsys.readouterr().out.endswith(f"built: {folders['html']}/index.html\n")
