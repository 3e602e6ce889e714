"""Every course in courses/: a sound contract, a release without leaks, tests that tell right from wrong."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import assignment, catalogue, kernel, leaks, notebook
from aula.catalogue import Course
from aula.course import Assignment
from aula.release import release
from tests.courses.grading import REFERENCE, UNTOUCHED, grade, mutants, versions

ROOT = Path(__file__).parents[2]
COURSES = catalogue.load(ROOT).courses
TASKS = [(course, task) for course in COURSES for task in course.assignments]
GRADED = [(course, task, version) for course, task in TASKS for version in versions(course, task)]
LESSONS = [(course, lesson) for course in COURSES for lesson in course.lessons]
by_task = pytest.mark.parametrize("task", TASKS, ids=lambda pair: f"{pair[0].id}/{pair[1].name}")
Task = tuple[Course, Assignment]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A course run of each course, by its name."""
    with kernel.settled(Path(sys.executable).parent):
        places = {course.id: tmp_path_factory.mktemp(course.id) for course in COURSES if course.assignments}
        for course in COURSES:
            if course.assignments:
                release(course, places[course.id])
        yield places


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda pair: f"{pair[0].id}/{pair[1].file}")
def test_every_lesson_is_a_sound_text_notebook(lesson: tuple[Course, catalogue.Lesson]) -> None:
    """A lesson reads as a notebook with one cell of parameters, and holds no output."""
    course, item = lesson
    node = notebook.lesson(course.lesson_file(item))
    assert sum("parameters" in notebook.tags(cell) for cell in node.cells) == 1
    assert not any(cell.get("outputs") for cell in node.cells)


@by_task
def test_the_released_copy_holds_no_solution(runs: dict[str, Path], task: Task) -> None:
    """No line of a solution, no hidden test and no output is in what trainees fetch."""
    course, item = task
    source = assignment.read(course.assignment_file(item), item.points)
    assert assignment.split(source).secret
    assert leaks.find(source, runs[course.id] / "release" / item.name) == []


@by_task
def test_typical_mistakes_are_kept(task: Task) -> None:
    """Each assignment comes with at least three wrong answers for its tests to notice."""
    assert len(mutants(*task)) >= 3


@pytest.mark.parametrize(
    ("course", "task", "version"), GRADED, ids=[f"{c.id}/{t.name}/{version}" for c, t, version in GRADED]
)
def test_marks_tell_right_from_wrong(runs: dict[str, Path], course: Course, task: Assignment, version: str) -> None:
    """By the stock nbgrader the reference earns everything, no work nothing, each mistake less than all."""
    score = grade(course, task, version, runs[course.id])
    assert score.possible > 0
    if version == REFERENCE:
        assert score.points == score.possible
    elif version == UNTOUCHED:
        assert score.points == 0
    else:
        assert score.points < score.possible
