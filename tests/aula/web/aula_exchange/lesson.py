"""A course run as nbgrader sees it: a course folder, and the homes of people."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
import pytest
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from tests.aula.web.aula_exchange.served import Served

RUN, TASK = "hpc-demo", "sums"


class Lesson:
    """The course run `hpc-demo` with the assignment `sums`."""

    def __init__(self, top: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        self.top, self.served, self._monkeypatch = top, served, monkeypatch
        self.course = top / "course"
        notebook(self.course / "release" / TASK)
        (self.course / "release" / TASK / "numbers.txt").write_text("1 2 3")

    @property
    def given(self) -> Path:
        """The run's folder of what trainees are given."""
        return self.served.given / RUN

    @property
    def handed_in(self) -> Path:
        """The run's folder of what was handed in."""
        return self.served.handed_in / RUN

    def home(self, who: str) -> Path:
        """Return a person's home folder."""
        folder = self.top / "homes" / who
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def be(self, who: str) -> Path:
        """Let this process be a person's server; return their home."""
        home = self.home(who)
        variables = {
            "HOME": str(home),
            "JUPYTERHUB_USER": who,
            "JUPYTERHUB_API_TOKEN": f"token-of-{who}",
            "JUPYTERHUB_API_URL": self.served.hub,
        }
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        return home

    def trainee(self, who: str, **more: Any) -> Config:
        """Return the configuration of a person's server."""
        from aula_exchange import configuration

        home, c = self.be(who), Config()
        configuration.of_trainees(c, self.served.url)
        c.CourseDirectory.student_id = who
        c.CourseDirectory.course_id = RUN
        c.CourseDirectory.assignment_id = TASK
        c.Exchange.path_includes_course = True
        c.Exchange.assignment_dir = str(home)
        for section, values in more.items():
            c[section].update(values)
        return c

    def instructor(self, **more: Any) -> Config:
        """Return the configuration of the course run's account."""
        from aula_exchange import configuration

        c = Config()
        configuration.of_course_run(c, str(self.served.handed_in), str(self.served.given))
        c.CourseDirectory.root = str(self.course)
        c.CourseDirectory.course_id = RUN
        c.CourseDirectory.assignment_id = TASK
        for section, values in more.items():
            c[section].update(values)
        return c

    def release(self) -> None:
        """Release the assignment."""
        do("ReleaseAssignment", self.instructor(ExchangeReleaseAssignment={"force": True}))

    def work(self, who: str, answer: str = "1 + 1") -> Path:
        """Let somebody fetch the assignment, once, and answer; return its folder."""
        folder = self.home(who) / RUN / TASK
        if not folder.exists():
            do("FetchAssignment", self.trainee(who))
        notebook(folder, answer)
        return folder

    def hand_in(self, who: str, answer: str = "1 + 1") -> dict[str, Any]:
        """Let somebody answer and hand in; return the newest receipt that they have."""
        self.work(who, answer)
        do("Submit", self.trainee(who))
        newest = max((self.home(who) / "receipts" / RUN).iterdir())
        receipt: dict[str, Any] = json.loads(newest.read_text())
        return receipt

    def leave_feedback(self, who: str, text: str) -> None:
        """Leave a page as the grading of what is collected does."""
        graded, collected = self.course / "feedback" / who / TASK, self.course / "submitted" / who / TASK
        graded.mkdir(parents=True, exist_ok=True)
        (graded / "timestamp.txt").write_bytes((collected / "timestamp.txt").read_bytes())
        (graded / f"{TASK}.html").write_text(text)

    def give_feedback(self, who: str, text: str) -> None:
        """Leave a page, and release it."""
        self.leave_feedback(who, text)
        do("ReleaseFeedback", self.instructor())

    @contextmanager
    def result_at_once(self, who: str, said: str, number: str = "0001") -> Iterator[None]:
        """Be the job that gives results: put a page as the feedback on what is handed in meanwhile."""
        (self.given / "at_once.json").write_text(json.dumps({"assignments": [TASK]}))

        def answer() -> None:
            end = time.monotonic() + 20
            while not (self.handed_in / who / TASK / number).exists():
                assert time.monotonic() < end
                time.sleep(0.02)
            time.sleep(0.3)
            page = self.given / "feedback" / who / TASK / number / f"{TASK}.html"
            page.parent.mkdir(parents=True)
            page.with_name(f".{page.name}").write_text("half")
            page.with_name(f".{page.name}").rename(page)
            page.write_text(said)

        job = Thread(target=answer)
        job.start()
        yield
        job.join()


def notebook(folder: Path, answer: str = "", *, tested: bool = False) -> None:
    """Write the notebook of the assignment, with an answer, or with that as a test that counts."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = {"grade": True, "grade_id": "a", "locked": True, "points": 1, "schema_version": 3, "solution": False}
    cell = nbformat.v4.new_code_cell(answer, id="a", metadata={"nbgrader": marks} if tested else {})  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    node = nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]  # likewise
    nbformat.write(node, folder / f"{TASK}.ipynb")  # type: ignore[no-untyped-call]  # likewise


def do(what: str, config: Config) -> Any:
    """Do what a command or a button of nbgrader's does; return what it does."""
    made = getattr(ExchangeFactory(config=config), what)
    parts = {"coursedir": CourseDirectory(config=config), "authenticator": Authenticator(config=config)}
    before = Path.cwd()
    try:
        return made(**parts, config=config).start()
    finally:
        assert Path.cwd() == before
