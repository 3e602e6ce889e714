"""What `aula new` writes can be taught as it is: it runs, leaks nothing, and its tests tell right from wrong."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import catalogue, kernel
from aula.authoring import new
from aula.catalogue import Course
from aula.check import check
from aula.check.rules import ALL
from aula.run import runner


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Return a course with a lesson and an assignment, where kernels can be started."""
    root = tmp_path_factory.mktemp("ready")
    (root / "courses").mkdir()
    new.course(root, "night-forecast", None, ["Ana Sousa"])
    new.assignment(root, "night-forecast", "customers", None)
    with kernel.settled(Path(sys.executable).parent):
        yield catalogue.find(root, "night-forecast")


def test_every_rule_is_kept(ready: Course) -> None:
    """Nothing leaks, the tests tell right from wrong, and `aula check` has nothing to say."""
    outcome = check.check(ready.folder.parents[1], [ready.folder], ALL)
    assert [f"{one.rule}: {one.file}: {one.sentence}" for one in outcome.findings] == []


@pytest.mark.parametrize("parameters", [None, "node"])
def test_lesson_and_solved_assignment_run_clean(ready: Course, tmp_path: Path, parameters: str | None) -> None:
    """Without a warning, at both sizes, in a few seconds."""
    results = runner.run((ready,), tmp_path / "out", parameters=parameters, limit_s=60, tell=lambda _: None)
    assert [result.state for result in results] == ["ok", "ok"]
