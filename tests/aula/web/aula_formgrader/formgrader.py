"""nbgrader's formgrader with our extension: a Jupyter server on a course folder whose gradebook knows submissions."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from nbgrader.api import Gradebook
from tornado.testing import bind_unused_port

from tests.aula.web.aula_formgrader.hostile_pages import cell

RUN, TASK, TOKEN = "hpc-demo", "sums", "the-servers-token"
POINTS = 3.0
PACKAGE = Path(__file__).parents[4] / "aula" / "web"
CONFIGURATION = """
c = get_config()
c.ServerApp.jpserver_extensions = {
    "aula_formgrader": True,
    "nbgrader.server_extensions.formgrader": True,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "jupyterlab": False,
    "jupyter_lsp": False,
    "notebook_shim": False,
}
c.AulaFormgrader.words = c.AulaFormgrader.glance = c.AulaFormgrader.watched = ["true"]
"""


class Course:
    """A course folder with the assignment `sums`, which has one written answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(
            f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\nc.CourseDirectory.course_id = {RUN!r}\n"
        )
        self.database = f"sqlite:///{folder / 'gradebook.db'}"
        with Gradebook(self.database, RUN) as book:
            book.add_assignment(TASK)
            book.add_notebook(TASK, TASK)
            book.add_grade_cell("answer", TASK, TASK, max_score=POINTS, cell_type="markdown")
            book.add_solution_cell("answer", TASK, TASK)

    def hand_in(self, student: str, *cells: Any, answer: str = "All is well.", **files: bytes) -> str:
        """Let the gradebook have a graded submission of these cells and the answer; return the id of its notebook."""
        folder = self.folder / "autograded" / student / TASK
        folder.mkdir(parents=True)
        about = {"grade_id": "answer", "grade": True, "solution": True, "locked": False, "points": POINTS}
        written = cell("markdown", answer, metadata={"nbgrader": {**about, "schema_version": 3}})
        node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*cells, written]}
        (folder / f"{TASK}.ipynb").write_text(json.dumps(node))
        for name, content in files.items():
            (folder / name).write_bytes(content)
        with Gradebook(self.database, RUN) as book:
            book.update_or_create_student(student, first_name=f"<b>{student}", last_name="<script>")
            book.add_submission(TASK, student)
            return str(book.find_submission_notebook(TASK, TASK, student).id)

    def mark(self, student: str) -> tuple[float | None, float | None, str | None]:
        """Return what the answer got: points, extra credit, a comment."""
        with Gradebook(self.database, RUN) as book:
            grade = book.find_grade("answer", TASK, TASK, student)
            return grade.manual_score, grade.extra_credit, book.find_comment("answer", TASK, TASK, student).comment


class Formgrader:
    """The server."""

    def __init__(self, course: Course, address: str) -> None:
        self.course, self.address = course, f"{address}/formgrader"

    def ask(self, path: str) -> requests.Response:
        """Ask for a page."""
        return requests.get(f"{self.address}/{path}", headers={"Authorization": f"token {TOKEN}"}, timeout=30)

    def page(self, submission: str) -> str:
        """Return the address of a submission's page, for a browser."""
        return f"{self.address}/submissions/{submission}/"


@contextmanager
def serving(course: Course) -> Iterator[Formgrader]:
    """Run the server while the block lasts."""
    listening, port = bind_unused_port()
    listening.close()
    home = course.folder.with_name("home")
    home.mkdir()
    (home / "jupyter_server_config.py").write_text(CONFIGURATION)
    variables: Mapping[str, str] = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_NO_CONFIG": "",
        "PYTHONPATH": os.pathsep.join([str(PACKAGE), *sys.path]),
    }
    words = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"]
    words += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course.folder}", "--ip=127.0.0.1"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(words, cwd=course.folder, env=variables, stdout=log, stderr=log)
    try:
        made = Formgrader(course, f"http://127.0.0.1:{port}")
        until = time.monotonic() + 60
        while not _answers(made):
            assert server.poll() is None, (home / "log").read_text()
            assert time.monotonic() < until, (home / "log").read_text()
            time.sleep(0.05)
        yield made
    finally:
        server.terminate()
        server.wait(30)


def _answers(made: Formgrader) -> bool:
    try:
        return made.ask("gradebook").ok
    except requests.ConnectionError:
        return False
