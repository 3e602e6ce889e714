"""nbgrader's real exchange with the configuration of trainees' servers: people are their names at the hub."""

import getpass
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Thread

import nbformat
import pytest
from nbgrader.utils import notebook_hash

from deploy.classroom.run import TEMPLATES
from deploy.settings import CHECKOUT

RUN, TASK = "hpc-demo", "sums"
TOKENS = {"ana": "token-of-ana", "bora": "token-of-bora"}


class _Hub(BaseHTTPRequestHandler):
    """Knows the members of the run by their names at the hub, and each token's owner; nobody else."""

    def do_GET(self) -> None:
        """Tell an owner's groups to the owner, and nothing to others."""
        name = self.path.rsplit("/", 1)[-1]
        known = self.headers["Authorization"] == f"token {TOKENS.get(name)}"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"name": name, "groups": [f"nbgrader-{RUN}"]} if known else {}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """The address of a hub's API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hub/api"
    server.shutdown()
    server.server_close()


class Class:
    """An exchange with an assignment in it, and people who all work as the Unix account of the tests."""

    def __init__(self, folder: Path, hub: str) -> None:
        self.folder, self.hub = folder, hub
        self.exchange, self.course = folder / "exchange", folder / "course"
        for name in ("outbound", "inbound", "feedback"):
            (self.exchange / RUN / name).mkdir(parents=True)
        (self.exchange / RUN / "inbound").chmod(0o733)
        self.exchange.chmod(0o777)
        self.write(self.exchange / RUN / "outbound" / TASK)
        values = {"run": RUN, "folder": str(self.course), "exchange": str(self.exchange)}
        values["code"] = str(CHECKOUT / "aula" / "audit")
        for kind in ("user", "service"):
            (folder / kind).mkdir()
            (folder / kind / "migrated").touch()
            text = Template((TEMPLATES / f"{kind}_nbgrader_config.py.in").read_text()).substitute(values)
            (folder / kind / "nbgrader_config.py").write_text(text)
        self.course.mkdir()

    def write(self, folder: Path) -> None:
        """Write the notebook of the assignment."""
        folder.mkdir(parents=True)
        node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="a")])  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        nbformat.write(node, folder / f"{TASK}.ipynb")  # type: ignore[no-untyped-call]  # likewise

    def nbgrader(self, *words: str, name: str = "", home: str = "home", cwd: Path | None = None) -> str:
        """Run nbgrader as a person's server would, or as the course's, and return what it said."""
        folder = self.folder / home
        folder.mkdir(exist_ok=True)
        person = {"JUPYTERHUB_USER": name, "JUPYTERHUB_API_TOKEN": TOKENS[name]} if name else {}
        environment = {
            "HOME": str(folder),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": str(self.folder / ("user" if name else "service")),
            "JUPYTERHUB_API_URL": self.hub,
            **person,
        }
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            env=environment,
            cwd=cwd or folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def submitted(self) -> set[str]:
        """Return the names under which something was handed in."""
        return {path.name.split("+")[0] for path in (self.exchange / RUN / "inbound").iterdir()}


def test_people_are_told_apart_though_they_share_a_lent_account(tmp_path: Path, hub: str) -> None:
    """Fetch, submit, list, collect and feedback work by the hub's name, for two people in turn on one Unix account.

    The account was cleaned between them: the second has a home of their own and sees nothing of the first.
    """
    here = Class(tmp_path, hub)
    for name in ("ana", "bora"):
        here.nbgrader("fetch_assignment", "--course", RUN, TASK, name=name, home=name)
        here.nbgrader("submit", "--course", RUN, TASK, name=name, home=name)
        listed = here.nbgrader("list", "--course", RUN, "--cached", name=name, home=name)
        assert f"{RUN} {name} {TASK}" in listed
        assert not [other for other in TOKENS if other != name and f" {other} " in listed]
    assert here.submitted() == {"ana", "bora"}
    assert getpass.getuser() not in here.submitted()

    here.nbgrader("collect", TASK, cwd=here.course)
    assert {path.name for path in (here.course / "submitted").iterdir()} == {"ana", "bora"}
    for name in ("ana", "bora"):
        given = here.course / "submitted" / name / TASK
        feedback = here.course / "feedback" / name / TASK
        feedback.mkdir(parents=True)
        for text in ("timestamp.txt", "submission_secret.txt"):
            (feedback / text).write_bytes((given / text).read_bytes())
        (feedback / f"{TASK}.html").write_text(f"well done, {name}")
    here.nbgrader("release_feedback", TASK, cwd=here.course)
    for name in ("ana", "bora"):
        here.nbgrader("fetch_feedback", "--course", RUN, TASK, name=name, home=name)
        (page,) = (tmp_path / name / RUN / TASK / "feedback").rglob("*.html")
        assert page.read_text() == f"well done, {name}"
        assert "(feedback already fetched)" in here.nbgrader("list", "--course", RUN, "--cached", name=name, home=name)


def answer(here: Class, within: float = 20) -> None:
    """Be the job that gives results: put a page where nbgrader looks for the feedback on what is handed in next."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        for secret in (here.exchange / RUN / "inbound").glob("*/submission_secret.txt"):
            time.sleep(0.3)
            name = notebook_hash(secret=secret.read_text(), notebook_id=TASK)
            (here.exchange / RUN / "feedback" / f"{name}.html").write_text("1 of 1 passed")
            return
        time.sleep(0.05)


def test_the_result_at_once_is_there_to_be_read_after_submit(tmp_path: Path, hub: str) -> None:
    """Submit fetches it; the grading's feedback takes its place later, and the list says that there is a newer one."""
    here = Class(tmp_path, hub)
    (here.exchange / RUN / "at_once.json").write_text(json.dumps({"assignments": [TASK]}))
    here.nbgrader("fetch_assignment", "--course", RUN, TASK, name="ana")
    job = Thread(target=answer, args=(here,))
    job.start()
    here.nbgrader("submit", "--course", RUN, TASK, name="ana")
    job.join()
    (page,) = (tmp_path / "home" / RUN / TASK / "feedback").rglob("*.html")
    assert page.read_text() == "1 of 1 passed"
    listed = ("list", "--course", RUN, "--cached")
    assert "(feedback already fetched)" in here.nbgrader(*listed, name="ana")
    (given,) = (here.exchange / RUN / "feedback").iterdir()
    given.write_text("well done, ana")
    assert "(feedback ready to be fetched)" in here.nbgrader(*listed, name="ana")
    here.nbgrader("fetch_feedback", "--course", RUN, TASK, name="ana")
    assert page.read_text() == "well done, ana"


def test_handing_in_never_fails_and_waits_for_nobody_who_is_not_there(tmp_path: Path, hub: str) -> None:
    """Where no job gives results, or it does not come to an answer, what is handed in is handed in."""
    here = Class(tmp_path, hub)
    sign, config = here.exchange / RUN / "at_once.json", tmp_path / "user" / "nbgrader_config.py"
    text = config.read_text()
    here.nbgrader("fetch_assignment", "--course", RUN, TASK, name="ana")
    mine = json.dumps({"assignments": [TASK]})
    tries = {None: 60, mine: 60, json.dumps({"assignments": ["other"]}): 60, "[nonsense": 60, f"{mine} ": 1}
    for said, waits_s in tries.items():
        config.write_text(text.replace("= 6.0, 0.1, 30.0", f"= {waits_s}, 0.1, 30.0"))
        assert config.read_text() != text
        if said is not None:
            sign.write_text(said)
        if said == mine:
            os.utime(sign, (time.time() - 60,) * 2)  # the job has not been there for a while
        began = time.monotonic()
        here.nbgrader("submit", "--course", RUN, TASK, name="ana")
        assert time.monotonic() - began < 30, said
    assert len([*(here.exchange / RUN / "inbound").iterdir()]) == len(tries)
