"""Answered notebooks that are damaged, with what they are compared with."""

from pathlib import Path

import pytest

from aula.grading import template
from aula.grading.template import Template
from tests.grading import assignments


@pytest.fixture(scope="session")
def released_dir(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run's folder with two assignments released."""
    root = tmp_path_factory.mktemp("course")
    assignments.release_course(root, root / "run")
    return root / "run"


@pytest.fixture(scope="session")
def templates(released_dir: Path) -> dict[str, Template]:
    """Return the two assignments, by name."""
    return {task: template.read(released_dir, task) for task in assignments.TASKS}
