"""Handing in, collecting and grading on the command line, and what the gradebook says of it."""

import shutil
import sqlite3

from deploy import demo
from deploy.classroom import run as course_run
from deploy.command import run
from tests.classroom import Classroom

ASSIGNMENT = "first-job"


def hand_in_and_grade(classroom: Classroom, who: str) -> None:
    """Let somebody hand in the untouched assignment, and the run's account collect and grade it."""
    name, settings = classroom.name(who), classroom.settings
    _hand_in(classroom, name)
    for words in (["collect", ASSIGNMENT], ["autograde", ASSIGNMENT, "--student", name]):
        course_run.as_run(settings, classroom.run, ["nbgrader", *words])


def _hand_in(classroom: Classroom, name: str) -> None:
    """Put a submission where nbgrader collects it, as its author would."""
    inbound = course_run.exchange(classroom.settings) / demo.RUN / "inbound"
    handed_in = inbound / f"{name}+{ASSIGNMENT}+2026-01-05 10:00:00.000000 UTC+1"
    shutil.copytree(classroom.run.folder(classroom.settings) / "release" / ASSIGNMENT, handed_in)
    (handed_in / "timestamp.txt").write_text("2026-01-05 10:00:00.000000 UTC")
    run(["chown", "--recursive", name, handed_in])
    run(["chmod", "--recursive", "go+rX", handed_in])


def graded(classroom: Classroom) -> list[tuple[str, str]]:
    """Return who has a graded submission of what, as the gradebook says."""
    path = classroom.run.folder(classroom.settings) / "gradebook.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as book:
        rows = book.execute(
            "SELECT student_id, assignment.name FROM submitted_assignment "
            "JOIN assignment ON assignment.id = assignment_id ORDER BY 1"
        ).fetchall()
    book.close()
    return rows
