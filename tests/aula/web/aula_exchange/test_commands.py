"""nbgrader's own commands, with the configuration that make up writes, as a person and the run's account type them."""

import os
import subprocess
import sys
from pathlib import Path
from string import Template

import pytest

from deploy.classroom.run import TEMPLATES
from deploy.settings import CHECKOUT
from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson

ADDED = ("aula/web/aula_exchange", "aula/audit/aula_audit")


class Terminal:
    """Where commands are typed."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson, served = lesson, lesson.served
        code = lesson.top / "code"
        code.mkdir()
        for part in ADDED:
            (code / Path(part).name).symlink_to(CHECKOUT / part)
        values = {"run": RUN, "folder": str(lesson.course), "code": str(code), "hand_in": served.url}
        values |= {"handed_in": str(served.handed_in), "given": str(served.given)}
        for who, kind in {"ana": "user", "bora": "user", "instructor": "service"}.items():
            folder = lesson.home(who) / ".jupyter"
            folder.mkdir()
            (folder / "migrated").touch()
            text = Template((TEMPLATES / f"{kind}_nbgrader_config.py.in").read_text()).substitute(values)
            (folder / "nbgrader_config.py").write_text(text)

    def nbgrader(self, who: str, *words: str, fails: bool = False) -> str:
        """Run nbgrader as somebody; return what it said."""
        home = self._lesson.home(who)
        environment = {
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
            "JUPYTERHUB_API_URL": self._lesson.served.hub,
            "JUPYTERHUB_USER": who,
            "JUPYTERHUB_API_TOKEN": f"token-of-{who}",
        }
        cwd = self._lesson.course if who == "instructor" else home
        words = (sys.executable, "-m", "nbgrader", *words)
        done = subprocess.run(words, env=environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode != 0) is fails, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def terminal(lesson: Lesson) -> Terminal:
    """Return where commands are typed."""
    return Terminal(lesson)


def test_the_commands_of_trainees_and_of_the_account(terminal: Terminal, lesson: Lesson) -> None:
    """From the release to the feedback: two people share a Unix account, each is who the hub says."""
    terminal.nbgrader("instructor", "release_assignment", "--force", TASK)
    terminal.nbgrader("ana", "fetch_assignment", "--course", RUN, TASK)
    assert "The receipt is" in terminal.nbgrader("ana", "submit", "--strict", "--course", RUN, TASK)
    lesson.hand_in("bora")
    listed = terminal.nbgrader("instructor", "list", "--inbound")
    assert [name for name in ("ana", "bora", "eve") if f"{RUN} {name} {TASK}" in listed] == ["ana", "bora"]
    terminal.nbgrader("instructor", "collect", "--update", TASK)
    assert {path.name for path in (lesson.course / "submitted").iterdir()} == {"ana", "bora"}
    for who in ("ana", "bora"):
        lesson.leave_feedback(who, f"well done, {who}")
    terminal.nbgrader("instructor", "release_feedback", TASK)
    terminal.nbgrader("ana", "fetch_feedback", "--course", RUN, TASK)
    (page,) = (lesson.home("ana") / RUN / TASK / "feedback").rglob("*.html")
    assert page.read_text() == "well done, ana"
    listed = terminal.nbgrader("ana", "list", "--course", RUN, "--cached")
    assert "(feedback already fetched)" in listed
    assert "bora" not in listed


def test_a_command_that_is_refused_says_why_and_fails(terminal: Terminal, lesson: Lesson) -> None:
    """The reason is among what it prints, without a trace of code."""
    (lesson.work("ana") / f"{TASK}.ipynb").write_text("")
    said = terminal.nbgrader("ana", "submit", "--course", RUN, TASK, fails=True)
    assert "sums.ipynb is empty" in said
    assert "Traceback" not in said
