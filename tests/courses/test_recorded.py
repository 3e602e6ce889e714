"""Lessons that need Slurm run where there is none: from recordings, and the page says so."""

import json
import os
import sys
from pathlib import Path

import pytest

from aula import catalogue, kernel
from aula.catalogue import Course
from aula.run.here import Here
from aula.run.plan import plan
from aula.run.runner import carry_out

ROOT = Path(__file__).parents[2]


def recorded(course: Course) -> set[str]:
    """Return the names of the lessons that a course has recordings for."""
    return {path.stem for path in (course.folder / "data" / "recorded").glob("*.json")}


COURSES = [course for course in catalogue.load(ROOT).courses if recorded(course)]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.id)
def test_lessons_run_from_their_recordings(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sinfo fails a lesson runs clean, and says on its page that what it shows is a recording."""
    away = tmp_path / "away/sinfo"
    away.parent.mkdir()
    away.write_text("#!/bin/sh\nexit 1\n")
    away.chmod(0o755)
    monkeypatch.setenv("PATH", f"{away.parent}:{os.environ['PATH']}")
    with kernel.settled(Path(sys.executable).parent):
        jobs = [job for job in plan((course,), tmp_path / "out") if job.name in recorded(course)]
        results = carry_out(jobs, tmp_path / "out", Here(2), None, str)
    assert {job.name for job in jobs} == recorded(course)
    assert [one.error for one in results if one.state != "ok"] == []
    for job in jobs:
        shown = [cell["outputs"] for cell in json.loads(job.executed.read_text())["cells"] if "outputs" in cell]
        assert "is a RECORDING" in json.dumps(shown), job.name


def test_there_are_recordings() -> None:
    """Both courses that submit jobs have some."""
    assert len(COURSES) == 2


def test_one_player_of_recordings() -> None:
    """A course is a folder of its own, so each has the helper; what is mended in one is mended in all."""
    assert len({(course.folder / "lessons" / "recorded.py").read_bytes() for course in COURSES}) == 1
