"""What people see while notebooks run."""

import io
import json
from pathlib import Path

import pytest

from aula.run import live, progress
from aula.run.job import Job
from aula.run.live import Lines, Live
from aula.run.progress import Progress


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def job(folder: Path) -> Job:
    """Return a job that nobody executes."""
    return Job("small", "lessons", "one", folder, folder, folder / "executed/small/lessons/one.ipynb", 30)


def test_a_running_notebook_says_how_far_it_is(tmp_path: Path) -> None:
    """Whoever reads the folder knows cell and number of cells, and nothing once it has ended."""
    told = progress.Teller(job(tmp_path))
    told.begin(2, 5)
    folder = tmp_path / "work/progress"
    (found,) = progress.read(folder)
    assert (found.title, found.cell, found.cells) == ("small/lessons/one", 2, 5)
    told.end()
    assert progress.read(folder) == []


def test_half_a_file_is_no_progress(tmp_path: Path) -> None:
    """What is cut off, or is something else, is left out."""
    (tmp_path / "a.json").write_text('{"title": "x"')
    (tmp_path / "b.json").write_text(json.dumps({"title": "x"}))
    assert progress.read(tmp_path) == []


@pytest.mark.parametrize(
    ("cell", "text"),
    [(0, "  x: starts its kernel, 1:05"), (3, "  x: cell 3 of 9, 1:05")],
)
def test_a_line_says_cell_and_time(cell: int, text: str) -> None:
    """Minutes and seconds since it began, and where it is."""
    assert live.describe(Progress("x", cell, 9, 1000.0), 1065.2) == text


def test_another_machines_clock_may_be_ahead() -> None:
    """Nothing has run for less than no time."""
    assert live.describe(Progress("x", 1, 1, 2000.0), 1000.0).endswith("0:00")


def test_a_terminal_gets_lines_that_change_and_lines_that_stay() -> None:
    """What runs is shown with the counts, and is taken away at the end; what has ended stays."""
    stream = Terminal()
    shown = live.display(stream)
    assert isinstance(shown, Live)
    shown.look([Progress("x", 3, 9, 0.0)], "1 of 2 done, 0 failed")
    shown.tell("[2/2] x: ok")
    shown.look([], "2 of 2 done, 0 failed")
    shown.close()
    said = stream.getvalue()
    assert "x: cell 3 of 9" in said
    assert "1 of 2 done, 0 failed" in said
    assert "[2/2] x: ok\n" in said
    assert said.rpartition("\r")[0].rpartition("\r")[2].strip() == ""


def test_a_file_gets_a_line_for_each_that_ended() -> None:
    """A log has no lines that change."""
    stream = io.StringIO()
    shown = live.display(stream)
    assert type(shown) is Lines
    shown.look([Progress("x", 3, 9, 0.0)], "1 of 2 done")
    shown.tell("[1/1] x: ok")
    shown.close()
    assert stream.getvalue() == "[1/1] x: ok\n"
