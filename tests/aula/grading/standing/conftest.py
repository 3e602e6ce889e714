"""A course run whose assignment gives results at once, and its exchange."""

from pathlib import Path

import pytest

from aula import release
from tests.aula.grading.standing.inbox import Inbox
from tests.aula.small_course import edit, load


@pytest.fixture
def inbox(small: Path, tmp_path: Path, settled: None) -> Inbox:  # noqa: ARG001  nbgrader needs it
    """Return the exchange of a course run in which each trainee gets two results at once."""
    edit(small / "course.yml", "due_days: 7", "due_days: 7\n    results_at_once: 2")
    release.release(load(small), tmp_path / "run")
    return Inbox(tmp_path / "run", tmp_path / "exchange")
