"""The grading of a class is killed at any moment, again and again: each submission is graded once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from aula import kernel
from aula.release import release
from tests.aula.grading.class_of import RIGHT, hand_in
from tests.aula.small_course import load, write_course
from tests.bench.alike import fresh

ROUNDS = int(os.environ.get("AULA_SOAK_BATCHES", "20"))
STUDENTS = 40
SEED = 20_261_128


def grade(run: Path, kill_after_s: float | None = None) -> float:
    """Grade the class, or kill the grading after so long; return how long it took."""
    words = [sys.executable, "-m", "aula.cli", "grade", str(run), "sums", "--run", "run"]
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as process:
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.send_signal(signal.SIGKILL)
        process.communicate()
        assert kill_after_s is not None or process.returncode == 0
    return time.monotonic() - began


def records(run: Path) -> dict[str, int]:
    """Return what is kept of each graded submission, with the time at which it was."""
    return {path.name: path.stat().st_mtime_ns for path in (run / "grading" / "sums").glob("*.json")}


def points(run: Path) -> dict[str, float]:
    """Return everybody's points, by whom nbgrader knows them."""
    with Gradebook(f"sqlite:///{run / 'gradebook.db'}", "run") as gradebook:
        submissions = gradebook.assignment_submissions("sums")
        found = {one.student.id: one.score for one in submissions}
        assert len(found) == len(submissions), "somebody has two submissions"
        return found


@pytest.mark.timeout(3600)
def test_a_batch_that_is_killed_grades_each_once(tmp_path: Path) -> None:
    """Killed at a random moment, it leaves all marks or none; run again, it grades the rest, and nobody twice."""
    with kernel.settled(Path(sys.executable).parent):
        release.release(load(write_course(tmp_path)), tmp_path / "run")
    students = {f"student-{number:02}" for number in range(STUDENTS)}
    for student in students:
        hand_in(tmp_path / "run", student, RIGHT)
    template = (tmp_path / "run").rename(tmp_path / "template")
    whole_s = grade(fresh(template, tmp_path / "run"))
    moments = random.Random(SEED)  # noqa: S311  no secret
    left = []
    for _ in range(ROUNDS):
        run = fresh(template, tmp_path / "run")
        grade(run, moments.uniform(0, whole_s))
        assert len(points(run)) in (0, STUDENTS)
        left.append(records(run))
        grade(run)
        assert points(run) == dict.fromkeys(students, 2.0)
        assert records(run).items() >= left[-1].items(), "somebody was graded twice"
        assert len(records(run)) == STUDENTS
    assert any(0 < len(one) < STUDENTS for one in left), "no batch was killed in its middle"
