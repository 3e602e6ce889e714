"""A course run whose assignment gives results at once, and its folders of the hand-in service."""

import shutil
from pathlib import Path

import pytest

from aula.release import release
from tests.aula.grading.standing.inbox import Inbox
from tests.aula.small_course import edit, load, write_course

GRANTS = ("due_days: 7", "due_days: 7\n    results_at_once: 2")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run in which each trainee gets two results at once; tests copy it, as a release takes a while."""
    root = tmp_path_factory.mktemp("course")
    folder = write_course(root)
    edit(folder / "course.yml", *GRANTS)
    release.release(load(folder), root / "run")
    return root / "run"


@pytest.fixture
def inbox(small: Path, tmp_path: Path, released: Path) -> Inbox:
    """Return the folders of a course run of a test's own; `small` is its course, to be released anew."""
    edit(small / "course.yml", *GRANTS)
    shutil.copytree(released, tmp_path / "run")
    return Inbox(tmp_path / "run", tmp_path / "service")
