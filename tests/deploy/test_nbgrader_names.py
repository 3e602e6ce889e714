"""nbgrader's commands with the configuration that make up writes: people are their names at the hub."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest
from nbgrader.api import Gradebook

from deploy.classroom.run import TEMPLATES
from deploy.settings import CHECKOUT
from tests.aula.web.aula_exchange.lesson import RUN, TASK, notebook
from tests.aula.web.aula_exchange.served import Served

ADDED = ("aula/web/aula_exchange", "aula/audit/aula_audit")


class Class:
    """A course run with an assignment, and people who all work as the Unix account of the tests."""

    def __init__(self, top: Path, served: Served) -> None:
        self._top, self._served = top, served
        self.course, code = top / "course", top / "code"
        notebook(self.course / "release" / TASK)
        code.mkdir()
        for part in ADDED:
            (code / Path(part).name).symlink_to(CHECKOUT / part)
        values = {"run": RUN, "folder": str(self.course), "code": str(code), "hand_in": served.url}
        values |= {"handed_in": str(served.handed_in), "given": str(served.given)}
        for kind in ("user", "service"):
            (top / kind).mkdir()
            (top / kind / "migrated").touch()
            text = Template((TEMPLATES / f"{kind}_nbgrader_config.py.in").read_text()).substitute(values)
            (top / kind / "nbgrader_config.py").write_text(text)
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as book:
            book.add_assignment(TASK)

    def home(self, who: str) -> Path:
        """Return a person's home folder; the course run's account has one, too."""
        folder = self._top / "homes" / (who or "service")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def nbgrader(self, *words: str, who: str = "") -> str:
        """Run nbgrader as a person's server would, or as the course run's account; return what it said."""
        person = {"JUPYTERHUB_USER": who, "JUPYTERHUB_API_TOKEN": f"token-of-{who}"} if who else {}
        environment = {
            "HOME": str(self.home(who)),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": str(self._top / ("user" if who else "service")),
            "JUPYTERHUB_API_URL": self._served.hub,
            **person,
        }
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            env=environment,
            cwd=self.home(who) if who else self.course,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Class]:
    """The course run, with ana and bora in it."""
    for name in ("handed-in", "given"):
        (tmp_path / "at" / name / RUN).mkdir(parents=True)
    with Served(tmp_path / "at") as served:
        served.people.update(ana=[f"nbgrader-{RUN}"], bora=[f"nbgrader-{RUN}"])
        yield Class(tmp_path, served)


def test_people_are_told_apart_though_they_share_a_lent_account(here: Class) -> None:
    """Fetch, submit, list, collect and feedback work by the hub's name, for two people in turn on one Unix account.

    The account was cleaned between them: the second has a home of their own and sees nothing of the first.
    """
    people = ("ana", "bora")
    here.nbgrader("release_assignment", TASK)
    for who in people:
        here.nbgrader("fetch_assignment", "--course", RUN, TASK, who=who)
        here.nbgrader("submit", "--course", RUN, TASK, who=who)
        listed = here.nbgrader("list", "--course", RUN, "--cached", who=who)
        assert f"{RUN} {who} {TASK}" in listed
        assert not [other for other in people if other != who and f" {other} " in listed]
    here.nbgrader("collect", TASK)
    assert {path.name for path in (here.course / "submitted").iterdir()} == {*people}
    for who in people:
        page = here.course / "feedback" / who / TASK / f"{TASK}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"well done, {who}")
        stamp = here.course / "submitted" / who / TASK / "timestamp.txt"
        (page.parent / stamp.name).write_bytes(stamp.read_bytes())
    here.nbgrader("release_feedback", TASK)
    for who in people:
        here.nbgrader("fetch_feedback", "--course", RUN, TASK, who=who)
        (page,) = (here.home(who) / RUN / TASK / "feedback").rglob("*.html")
        assert page.read_text() == f"well done, {who}"
        assert "(feedback already fetched)" in here.nbgrader("list", "--course", RUN, "--cached", who=who)
