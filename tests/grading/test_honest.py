"""The honest submissions are what they say they are: valid, the same each time, right or wrong as marked."""

import sys
from collections import Counter
from pathlib import Path

import jupyter_client.kernelspec as kernelspec
import nbformat
import pytest
from nbformat import NotebookNode

from aula import kernel
from aula.check import check
from aula.check.rules import ALL
from tests.grading import assignments, honest, plain
from tests.grading.honest import Honest

COUNT = 200


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter that notebooks run on."""
    with kernel.settled(Path(sys.executable).parent):
        return Path(kernelspec.KernelSpecManager().get_kernel_spec(kernel.NAME).argv[0])


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    """The student versions of the two assignments."""
    root = tmp_path_factory.mktemp("course")
    with kernel.settled(Path(sys.executable).parent):
        return assignments.release_course(root, root / "run")


@pytest.fixture(scope="module")
def submissions(released: dict[str, NotebookNode]) -> list[Honest]:
    """All honest submissions."""
    return list(honest.submissions(released, COUNT))


@pytest.fixture(scope="module")
def earned(python: Path, submissions: list[Honest]) -> dict[str, plain.Points]:
    """What each submission earns in a trusted run."""
    found: dict[str, plain.Points] = {}
    for task in assignments.TASKS:
        mine = [one for one in submissions if one.task == task]
        found |= zip([one.name for one in mine], plain.points(python, task, [one.node for one in mine]), strict=True)
    return found


def test_the_course_keeps_every_rule(tmp_path: Path) -> None:
    """The assignments are as good as `aula check` wants a real course's, and its tests notice every wrong answer."""
    folder = assignments.write_course(tmp_path)
    with kernel.settled(Path(sys.executable).parent):
        outcome = check.check(tmp_path, [folder], ALL)
    assert [f"{one.rule}: {one.file}:{one.line}: {one.sentence}" for one in outcome.findings] == []


def test_every_submission_is_a_valid_notebook(submissions: list[Honest]) -> None:
    """Each of the 200 is a notebook that Jupyter takes, for each assignment as many, and no two are the same."""
    for one in submissions:
        nbformat.validate(one.node)
    assert Counter(one.task for one in submissions) == dict.fromkeys(assignments.TASKS, COUNT // 2)
    assert len({nbformat.writes(one.node) for one in submissions}) == COUNT


def test_the_same_seed_makes_the_same(released: dict[str, NotebookNode], submissions: list[Honest]) -> None:
    """What a test found can be made again; another seed makes others."""
    again = list(honest.submissions(released, 20))
    assert again == submissions[:20]
    assert list(honest.submissions(released, 20, seed=8)) != again


def test_every_kind_of_answer_occurs(submissions: list[Honest]) -> None:
    """Each written mistake and each way to spoil an answer is there, beside submissions that are right throughout."""
    seen = {(grade_id, mistake) for one in submissions for grade_id, mistake in one.mistakes.items()}
    written = {(grade_id, mistake) for grade_id, one in assignments.ANSWERS.items() for mistake in one.wrong}
    assert written - seen == set()
    assert {*honest.SPOILT, honest.UNTOUCHED} <= {mistake for _, mistake in seen}
    assert sum(not one.mistakes for one in submissions) > COUNT / 4


def test_right_answers_earn_everything_and_wrong_ones_less(
    submissions: list[Honest], earned: dict[str, plain.Points]
) -> None:
    """Executed plainly with the author's tests, each answer earns what its mark says: all of its points, or less."""
    worth = {task: assignments.tests(task) for task in assignments.TASKS}
    wrong = []
    for one in submissions:
        for grade_id, right in one.right.items():
            tests = worth[one.task][grade_id]
            full = all(earned[one.name][name] == points for name, points in tests.items())
            if full != right:
                wrong.append((one.name, grade_id, one.mistakes.get(grade_id), earned[one.name]))
    assert wrong == []


def test_some_earn_a_part_of_a_cells_points(submissions: list[Honest], earned: dict[str, plain.Points]) -> None:
    """Partial credit occurs: neither nothing nor everything."""
    parts = {earned[one.name]["degree-hours-hidden"] for one in submissions if one.task == "curves"}
    assert parts - {0.0, 3.0}
