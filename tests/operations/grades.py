"""Handing in, collecting and grading on the command line, and what the gradebook says of it."""

import io
import sqlite3
import tarfile

import requests

from deploy import demo
from deploy.classroom import exchange
from deploy.classroom import run as course_run
from tests.classroom import Classroom
from tests.integration.person import Person

ASSIGNMENT = "first-job"


def hand_in_and_grade(classroom: Classroom, who: str) -> None:
    """Let somebody hand in the untouched assignment, and the run's account collect and grade it."""
    name, settings = classroom.name(who), classroom.settings
    _hand_in(classroom, who)
    for words in (["collect", ASSIGNMENT], ["autograde", ASSIGNMENT, "--student", name]):
        course_run.as_run(settings, classroom.run, ["nbgrader", *words])


def _hand_in(classroom: Classroom, who: str) -> None:
    """Hand it in at the service, as the server of a person does."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in sorted((classroom.run.folder(classroom.settings) / "release" / ASSIGNMENT).iterdir()):
            tar.add(path, path.name)
    address = f"{exchange.url(classroom.settings)}runs/{demo.RUN}/assignments/{ASSIGNMENT}/submissions"
    token = {"Authorization": f"token {Person(classroom, who).token}"}
    answer = requests.post(address, packed.getvalue(), headers=token, timeout=30)
    assert answer.status_code == 201, answer.text


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
