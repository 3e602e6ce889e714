"""Executing one notebook with the real papermill on a real kernel."""

import json
from pathlib import Path

import nbformat
import pytest

from aula.run.execute import execute
from aula.run.job import Job, Result
from aula.run.plan import plan
from tests.aula.small_course import CONTRACT, edit, load, write_course

pytestmark = pytest.mark.usefixtures("settled")

NEXT_CELL = "\n```\n\n```{code-cell} ipython3\n"


def job(folder: Path, title: str) -> Job:
    """Return the job of that title in the course in folder."""
    jobs = plan((load(folder),), folder.parents[1] / "out", parameters="node")
    return next(job for job in jobs if job.title == title)


def run_lesson(root: Path, source: str) -> Result:
    """Execute a lesson whose second cell is source, with 5 s to run."""
    folder = write_course(root)
    edit(folder / "course.yml", "time_limit_s: 30", "time_limit_s: 5")
    edit(folder / "lessons/01-hello.md", "answer_for_the_instructor = 42", "1 / 0")
    edit(folder / "lessons/01-hello.md", 'print("solved")', source)
    return execute(job(folder, "small/lessons/01-hello"))


def test_the_executed_lesson_shows_what_happened(small: Path) -> None:
    """The executed notebook holds outputs made with the chosen parameters, when and where, and no path."""
    lesson = job(small, "small/lessons/01-hello")
    result = execute(lesson)
    assert (result.state, result.error) == ("ok", "")
    node = nbformat.read(lesson.executed, as_version=4)
    printed = "".join(output.text for cell in node.cells for output in cell.get("outputs", []))
    assert "twice: 14 a,b" in printed
    assert node.metadata.aula.seconds == result.seconds > 0
    assert str(small.parents[1]) not in json.dumps(node)


def test_the_executed_notebook_says_what_it_ran_on_and_from(small: Path) -> None:
    """Source, libraries and machine are written into the notebook as it runs, for whoever shows it later."""
    edit(small / "lessons/01-hello.md", "from helper import double", "from helper import double\nimport numpy")
    lesson = job(small, "small/lessons/01-hello")
    result = execute(lesson)
    stamp = nbformat.read(lesson.executed, as_version=4).metadata.aula
    assert stamp.source == result.source == lesson.source != ""
    assert list(stamp.libraries) == ["numpy"]
    assert stamp.libraries["numpy"][0].isdigit()
    assert "core" in stamp.hardware


def test_an_assignment_runs_with_its_hidden_tests(small: Path) -> None:
    """A solution that the hidden test refuses fails the notebook, at the test's cell."""
    assert execute(job(small, "small/assignments/sums")).state == "ok"
    edit(small / "assignments/sums/sums.md", "return sum(numbers, start=0)", "return min(numbers)")
    result = execute(job(small, "small/assignments/sums"))
    assert result.state == "error"
    assert "sums: cell 3:\n    | assert isinstance(total([1]), int)" in result.error
    assert "AssertionError" in result.error


TROUBLES = {
    "an exception": ("raise ValueError('no such thing')", "error", "ValueError: no such thing"),
    "a warning": ("import warnings\nwarnings.warn('careful')", "warning", "UserWarning: careful"),
    "stderr": ("import sys\nprint('oops', file=sys.stderr)", "warning", "oops"),
    "an exit": ("import sys\nsys.exit(3)", "error", "SystemExit: 3"),
    "a dead kernel": ("import os\nos._exit(3)", "error", "the kernel died"),
    "an endless loop": (f"while True:\n    pass{NEXT_CELL}2", "timeout", "longer than the notebook's 5 s"),
    "a deaf loop": (
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)",
        "timeout",
        "longer than the notebook's 5 s",
    ),
}


@pytest.mark.parametrize(("source", "state", "words"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_is_named(tmp_path: Path, source: str, state: str, words: str) -> None:
    """Each way to go wrong has its state, the cell's number in the text, its first lines, its trouble."""
    result = run_lesson(tmp_path, source)
    assert result.state == state
    assert f"small/lessons/01-hello: cell 5:\n    | {source.splitlines()[0]}\n" in result.error
    assert words in result.error
    assert "\x1b" not in result.error
    assert result.seconds < 20
    where = result.error.rpartition("In a browser: ")[2]
    assert "twice" in (tmp_path / "out" / where).read_text()


def test_the_time_limit_is_the_whole_notebooks(tmp_path: Path) -> None:
    """Two cells that each stay under the limit are ended when together they pass it."""
    wait = "import time\ntime.sleep(3.5)"
    result = run_lesson(tmp_path, f"{wait}{NEXT_CELL}{wait}")
    assert result.state == "timeout"
    assert "cell 6" in result.error


def test_a_lesson_may_not_lean_on_the_instructors_cells(small: Path) -> None:
    """What trainees do not get does not run, so a lesson that needs it fails here and not in class."""
    assert "answer_for_the_instructor" in (small / "lessons/01-hello.md").read_text()
    assert "answer_for_the_instructor" not in CONTRACT
    edit(small / "lessons/01-hello.md", 'print("solved")', "print(answer_for_the_instructor)")
    assert "NameError" in execute(job(small, "small/lessons/01-hello")).error
