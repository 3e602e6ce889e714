"""What `aula new` writes can be taught as it is: it runs, leaks nothing, and its tests tell right from wrong."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import assignment, catalogue, kernel, leaks
from aula.authoring import new
from aula.catalogue import Course
from aula.release import release
from aula.run import runner
from tests.courses.grading import REFERENCE, UNTOUCHED, grade, versions


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Course, Path]]:
    """Return a course with a lesson and an assignment, and the folder of a run that it was released into."""
    root = tmp_path_factory.mktemp("ready")
    (root / "courses").mkdir()
    new.course(root, "night-forecast", None, ["Ana Sousa"])
    new.assignment(root, "night-forecast", "customers", None)
    course = catalogue.find(root, "night-forecast")
    with kernel.settled(Path(sys.executable).parent):
        release(course, root / "run")
        yield course, root / "run"


def test_the_released_copy_holds_no_solution(ready: tuple[Course, Path]) -> None:
    """No line of the solution, no hidden test and no output is in what trainees fetch."""
    course, run_dir = ready
    (task,) = course.assignments
    source = assignment.read(course.assignment_file(task), task.points)
    assert len(assignment.split(source).secret) > 10
    assert leaks.find(source, run_dir / "release" / task.name) == []


def test_marks_tell_right_from_wrong(ready: tuple[Course, Path]) -> None:
    """The reference earns everything, no work nothing, and each of three wrong answers less than all."""
    course, run_dir = ready
    (task,) = course.assignments
    scores = {version: grade(course, task, version, run_dir) for version in versions(course, task)}
    assert scores.pop(REFERENCE).points == task.points
    assert scores.pop(UNTOUCHED).points == 0
    assert len(scores) == 3
    assert all(score.points < score.possible for score in scores.values())


@pytest.mark.parametrize("parameters", [None, "node"])
def test_lesson_and_solved_assignment_run_clean(
    ready: tuple[Course, Path], tmp_path: Path, parameters: str | None
) -> None:
    """Without a warning, at both sizes, in a few seconds."""
    course, _ = ready
    results = runner.run((course,), tmp_path / "out", parameters=parameters, limit_s=60, tell=lambda _: None)
    assert [result.state for result in results] == ["ok", "ok"]
