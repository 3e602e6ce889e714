"""The judge: test cells of the kinds that courses have pass on right answers and fail on wrong ones."""

import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import nbformat
import pytest

from aula import notebook
from aula.grading import statements
from aula.grading.jobs import rehearsed
from aula.grading.jobs.turn import asks
from tests.aula.grading.cells import CASES
from tests.aula.grading.conftest import Answers

Graded = Callable[..., Answers]
ASSIGNMENTS = sorted((Path(__file__).resolve().parents[3] / "courses").glob("*/assignments/*/*.md"))
TENSOR = [["*", "dtype", ""], ["*", "shape", ""], ["*", "tolist", ""]]
OPERATORS = {"checkpoints": [*TENSOR, ["Cards", "__getitem__", "int"], ["Cards", "__len__", ""]]}
"""What tests ask of objects of the trainee's own: of a Dataset its length, and its cards. No other asks anything."""


@pytest.mark.parametrize("name", CASES)
def test_right_passes_and_wrong_fails(graded: Graded, name: str) -> None:
    """A right answer passes, with the operators that the reference used; a wrong one fails, and is not refused."""
    case = CASES[name]
    recorded = graded([*case.own, case.right], [case.test], own=[*case.own])[0]
    assert recorded["outcome"] == "passed", recorded["said"]
    again = graded([*case.own, case.right], [case.test], own=[*case.own], operators=recorded["operators"])[0]
    assert again["outcome"] == "passed", again["said"]
    names = {"reference": [case.right], "operators": recorded["operators"]}
    wrong = graded([*case.own, case.wrong], [case.test], own=[*case.own], **names)[0]
    assert wrong["outcome"] == "failed", wrong["said"]


def test_there_are_enough_cells() -> None:
    """The collection is as large as was asked for."""
    assert len(CASES) >= 56


def quickstart() -> nbformat.NotebookNode:
    """Return the problem notebook with code that nbgrader's own quickstart makes."""
    path = resources.files("nbgrader") / "docs/source/user_guide/source/ps1/problem1.ipynb"
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)


@pytest.mark.parametrize(
    ("old", "new", "outcomes"),
    [
        ("", "", ["passed"] * 4),
        ("range(1, n + 1)", "range(n)", ["failed", "passed", "failed", "passed"]),
        ("n < 1", "n < 0", ["passed", "failed", "passed", "passed"]),
        ("sum(squares(n))", "sum(i * i for i in range(n + 1))", ["passed", "passed", "passed", "failed"]),
    ],
)
def test_quickstarts_notebook(graded: Graded, old: str, new: str, outcomes: list[str]) -> None:
    """The example assignment of nbgrader is judged unchanged: its reference, and wrong answers."""
    node = quickstart()
    theirs = [cell.source.replace(old, new) if old else cell.source for cell in node.cells if is_theirs(cell)]
    tests = [cell.source for cell in node.cells if statements.is_test(cell)]
    found = graded(theirs, tests, own=statements.begin(node).own, operators=[])
    assert [one["outcome"] for one in found] == outcomes


def is_theirs(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell runs in the trainee's process."""
    return cell.cell_type == "code" and not statements.is_test(cell)


def test_points_are_the_last_expression(graded: Graded) -> None:
    """A number at the end is the cell's points; a truth, a semicolon or no number is none; no finite one is refused."""
    tests = ["0.5", "1 + 1", "True", "3;", "'3'", "import numpy as np\nnp.float64(1.5)", "float('nan')", "float('inf')"]
    found = graded(["x = 1"], tests)
    assert [one["points"] for one in found] == [0.5, 2, None, None, None, 1.5, None, None]
    assert [one["outcome"] for one in found] == ["passed"] * 6 + ["refused"] * 2


def test_what_is_told_has_no_hidden_value(graded: Graded) -> None:
    """The trainee reads the author's own message, or a neutral sentence; the instructor reads the line."""
    hidden = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
    tests = [
        "assert f(1) == 8642, 'think again'",
        "assert f(1) == 8642",
        "import numpy as np\nnp.testing.assert_equal(f(1), 8642)",
        "f(8642)",
        hidden.format("f(8642)"),
        "f(1)[0]",
    ]
    found = graded(["def f(x):\n    if x > 1:\n        raise ValueError(f'{x} is wrong')\n    return x"], tests)
    assert [one["told"] for one in found] == [
        "think again",
        "A test did not pass.",
        "A test did not pass.",
        "Your code raised ValueError: 8642 is wrong",
        "Your code raised ValueError.",
        "A test did not pass.",
    ]
    assert all("line" in one["said"] for one in found)


def test_what_a_test_prints_is_kept(graded: Graded) -> None:
    """A cell's output is kept, the trainee's functions' with it, and no more than a bound."""
    found = graded(["def f():\n    print('theirs')"], ["print('ours')\nf()", "print('x' * 10_000_000)"])
    assert found[0]["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "ours\ntheirs\n"}]
    assert len(found[1]["outputs"][0]["text"]) == 100_000


def test_names_of_earlier_tests_stay(graded: Graded) -> None:
    """What a test cell binds is there in the next one, and nothing that the trainee may not supply."""
    found = graded(
        ["def f():\n    return 1"], ["def check(x):\n    assert f() == x", "check(1)", "check(2)", "eval_me"]
    )
    assert [one["outcome"] for one in found] == ["passed", "passed", "failed", "failed"]
    assert "NameError" in found[3]["said"]


def test_the_judges_own_come_first(graded: Graded) -> None:
    """What the judge has itself is never asked of the trainee, who may have bound it to something else."""
    found = graded(["def helper(x):\n    return True"], ["assert helper(0) == 0"], own=["def helper(x):\n    return x"])
    assert found[0]["outcome"] == "passed"


def test_a_cell_that_is_no_python_is_refused(graded: Graded) -> None:
    """A magic in a test, or a typing error, is refused with a reason."""
    found = graded(["x = 1"], ["%timeit x", "assert ("])
    assert [one["outcome"] for one in found] == ["refused"] * 2
    assert "no Python" in found[0]["said"]


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=[path.stem for path in ASSIGNMENTS])
def test_our_courses_assignments(graded: Graded, path: Path, tmp_path: Path) -> None:
    """A reference passes all tests of its assignment, with these operators alone; nothing in its place passes none."""
    node = notebook.read(path)
    # Slurm's commands answer as they were recorded; what a cell reads and writes lies in a folder of its own.
    shutil.copytree(path.parent, tmp_path, ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)
    slurm = f"import os as _os\n_os.chdir({str(tmp_path)!r})\n{rehearsed.prelude(path.parent)}"
    # The ranks of two-nodes are threads: its stand-in runs where the trainee's code does.
    begin = statements.begin(node, helpers=path.stem != "two-nodes")
    theirs = [cell for cell in node.cells if is_theirs(cell)]
    # What asks for a job script's job needs a cluster, or a stand-in for one.
    tests = [cell.source for cell in node.cells if statements.is_test(cell) and not asks(cell.source)]
    reference = [slurm, *(cell.source for cell in theirs)]
    operators = OPERATORS.get(path.stem, [])
    found = graded(reference, tests, own=begin.own, operators=operators)
    assert [one["said"] for one in found if one["outcome"] != "passed"] == []
    empty = [slurm, *(cell.source for cell in theirs if statements.is_given(cell))]
    found = graded(empty, tests, own=begin.own, reference=reference, operators=operators)
    assert {one["outcome"] for one in found} == {"failed"}


def test_only_allowed_names_are_asked_for(graded: Graded) -> None:
    """A name that the author's cells do not bind is not taken from the trainee, nor a builtin in its place."""
    cell = "def abs(x):\n    return 7\nmore = 1\nfine = 2"
    found = graded([cell], ["assert fine == 2 and abs(-3) == 3", "more"], names=["fine"])
    assert [one["outcome"] for one in found] == ["passed", "failed"]
    assert "NameError" in found[1]["said"]
