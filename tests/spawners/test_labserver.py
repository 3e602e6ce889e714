"""The server of a job, a real one: what it imports, when it tells the hub, and what is loaded later."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests
from aula_spawner import singleuser
from aula_spawner.server import aula_labserver as here

from aula.release.versions import record

PATIENCE_S = 60
LATER = [name for name in here.LATER if name != "aula_exchange"]  # which make up brings
LATE = ("tree", "nbgrader_version?version=0")


class _Hub(BaseHTTPRequestHandler):
    """Knows one person, and answers a port with the status that a test sets."""

    status = 200
    asked: list[str] = []  # noqa: RUF012  each test has its own
    ports: list[int] = []  # noqa: RUF012  likewise

    def do_GET(self) -> None:
        """Say whose token it is."""
        self.asked.append(self.path)
        self._answer(200, {"kind": "user", "name": "ana", "scopes": ["access:servers!user=ana"], "admin": False})

    def do_POST(self) -> None:
        """Take a port, or what else a server tells."""
        self.asked.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/hub/api/aula/port" and self.status == 200:
            self.ports.append(body["port"])
        self._answer(self.status, {"message": "because"})

    def _answer(self, status: int, said: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a hub."""
    monkeypatch.setattr(_Hub, "asked", [])
    monkeypatch.setattr(_Hub, "ports", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Job:
    """A server as a job runs it."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def get(self, path: str) -> requests.Response:
        """Ask the server, in its owner's name; wait until it has told the hub where it is."""
        deadline = time.monotonic() + PATIENCE_S
        while not _Hub.ports:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)
        address = f"http://127.0.0.1:{_Hub.ports[0]}/user/ana/{path}"
        return requests.get(address, headers={"Authorization": "token of-ana"}, timeout=PATIENCE_S)


@pytest.fixture
def start(hub: str, tmp_path: Path) -> Iterator[Callable[..., Job]]:
    """Return what starts the server, as the batch script does; it is ended after the test."""
    jobs: list[Job] = []

    def started(script: str = singleuser.__file__) -> Job:
        folders = {name: tmp_path / name for name in ("home", "job", "kept", "site")}
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        extensions = dict.fromkeys((*LATER, "jupyterlab", "jupyter_lsp", "jupyter_server_terminals"), True)
        site = {"ServerApp": {"jpserver_extensions": extensions, "allow_root": True}}
        (folders["site"] / "jupyter_server_config.json").write_text(json.dumps(site))
        given = {
            "HOME": str(folders["home"]),
            "AULA_JOB_FOLDER": str(folders["job"]),
            "AULA_KEPT_FOLDER": str(folders["kept"]),
            "AULA_JUPYTER_CONFIG_DIR": str(folders["site"]),
            "AULA_LIFETIME": json.dumps({"walltime": 7200, "idle": 0, "words": {}}),
            "AULA_VERSIONS": json.dumps({"lessons": [str(tmp_path / "lessons" / "demo")], "words": {"show": "Show"}}),
            "AULA_STARTED": str(int(time.time())),
            "JUPYTERHUB_API_TOKEN": "of-the-server",
            "JUPYTERHUB_API_URL": f"{hub}/hub/api",
            "JUPYTERHUB_ACTIVITY_URL": f"{hub}/hub/api/users/ana/activity",
            "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:0/user/ana/",
            "JUPYTERHUB_SERVICE_PREFIX": "/user/ana/",
            "JUPYTERHUB_USER": "ana",
            "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ana",
            "JUPYTERHUB_OAUTH_SCOPES": '["access:servers!user=ana"]',
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:servers!user=ana"]',
            "JUPYTERHUB_DEFAULT_URL": "/lab",
        }
        log = folders["kept"] / "server.log"
        with log.open("w") as output:
            process = subprocess.Popen([sys.executable, "-I", script], env=given, stdout=output, stderr=output)
        jobs.append(Job(process, log))
        return jobs[-1]

    yield started
    for job in jobs:
        job.process.terminate()
        try:
            job.process.wait(PATIENCE_S)
        finally:
            job.process.kill()
            job.process.wait()


def _config(page: requests.Response) -> dict[str, object]:
    """Return what JupyterLab's page says to JupyterLab."""
    text = page.text.split('id="jupyter-config-data"')[1]
    found: dict[str, object] = json.loads(text[text.index(">") + 1 : text.index("</script>")])
    # The token and a number for each page differ; that there is no classic notebook is the same said and unsaid.
    return {key: value for key, value in found.items() if key not in ("token", "store_id", "nbclassic_enabled")}


def test_a_server_that_tells_its_port_answers(start: Callable[..., Job]) -> None:
    """Once the hub hears of the port the page is there: nobody needs to ask twice. The hub was not needed before."""
    page = start().get("lab")
    assert page.status_code == 200
    assert _config(page)["appVersion"]
    before = _Hub.asked[: _Hub.asked.index("/hub/api/aula/port")]
    assert set(before) <= {"/hub/api/users/ana/activity"}


def test_a_correction_is_taken_before_a_page_is_open(start: Callable[..., Job], tmp_path: Path) -> None:
    """A server that starts takes what was corrected meanwhile, and its page is told so in its owner's words."""
    history, lesson = tmp_path / "lessons/.versions/demo/lessons", tmp_path / "home/courses/demo/one.txt"
    for text in (b"first", b"corrected"):
        record(history, {"one.txt": text}, "It was wrong.")
    lesson.parent.mkdir(parents=True)
    lesson.write_bytes(b"first")
    job, deadline = start(), time.monotonic() + PATIENCE_S
    while lesson.read_bytes() != b"corrected":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    told = job.get("aula/versions").json()
    assert [one["notes"] for one in told["taken"]] == [["It was wrong."]]
    assert (told["waiting"], told["homes"], told["words"]) == ([], ["courses/demo"], {"show": "Show"})


def test_what_is_loaded_later_answers_its_first_request(start: Callable[..., Job]) -> None:
    """An address of an extension that is not loaded yet answers as if it had been; one that nobody has does not."""
    job = start()
    first = {path: job.get(path) for path in LATE}
    again = {path: job.get(path) for path in LATE}
    assert {path: answer.status_code for path, answer in first.items()} == dict.fromkeys(LATE, 200)
    assert {path: answer.status_code for path, answer in again.items()} == dict.fromkeys(LATE, 200)
    assert job.get("nothing-there").status_code == 404


def test_the_rest_is_loaded_without_being_asked_for(start: Callable[..., Job]) -> None:
    """All that the site enables is loaded soon, and the page then says nothing that it had not said before."""
    job = start()
    before = _config(job.get("lab"))
    deadline = time.monotonic() + PATIENCE_S
    while not all(f"{name} | extension was successfully loaded" in job.log.read_text() for name in LATER):
        assert time.monotonic() < deadline, job.log.read_text()
        time.sleep(0.2)
    assert _config(job.get("lab")) == before


def test_a_hub_that_does_not_want_it_ends_the_server(
    start: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal ends the job with the hub's reason in its log."""
    monkeypatch.setattr(_Hub, "status", 400)
    job = start()
    assert job.process.wait(PATIENCE_S) == 1
    assert "because" in job.log.read_text()


def test_a_server_that_is_ended_does_not_wait_for_the_hub(
    start: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that is cancelled while the hub is down ends at once and leaves nothing in its folder."""
    monkeypatch.setattr(_Hub, "status", 503)
    job = start()
    deadline = time.monotonic() + PATIENCE_S
    while _Hub.asked.count("/hub/api/aula/port") < 2:
        assert time.monotonic() < deadline, job.log.read_text()
        time.sleep(0.05)
    job.process.terminate()
    job.process.wait(15)
    assert not job.log.parent.with_name("job").exists()


ENDED_WHILE_IT_WRITES = """
import io, os, runpy, signal, sys

class Log(io.FileIO):
    asked = False

    def write(self, some):
        if b"nothing-there" in bytes(some) and not self.asked:
            self.asked = True
            os.kill(os.getpid(), signal.SIGTERM)
        return super().write(some)

sys.stderr = io.TextIOWrapper(io.BufferedWriter(Log(2, "w", closefd=False)), line_buffering=True)
runpy.run_path({script!r}, run_name="__main__")
"""


def test_a_server_that_is_ended_while_it_writes_a_line_ends(start: Callable[..., Job], tmp_path: Path) -> None:
    """A request to end may come at any instant, that of writing the log too."""
    script = tmp_path / "writes.py"
    script.write_text(ENDED_WHILE_IT_WRITES.format(script=singleuser.__file__))
    job = start(str(script))
    job.get("nothing-there")
    job.process.wait(PATIENCE_S)
    assert "received signal 15, stopping" in job.log.read_text()
    assert not job.log.parent.with_name("job").exists()


def test_nothing_is_imported_that_the_server_does_not_need(tmp_path: Path) -> None:
    """Neither the hub's database nor Node.js is started with; whoever needs the database later gets the real one."""
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\n")
    node.chmod(0o755)
    shutil.copy(here.__file__, tmp_path / "alone.py")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alone\n"
        "assert not {'sqlalchemy', 'alembic', 'jupyterhub.orm'} & set(sys.modules)\n"
        "from jupyterhub import orm, roles\nfrom jupyterhub.handlers.pages import HealthCheckHandler\n"
        "from sqlalchemy.exc import SQLAlchemyError\nassert orm.User.__table__ is not None\n"
        "assert HealthCheckHandler.get and roles.get_default_roles() and SQLAlchemyError.__mro__\n"
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run([sys.executable, "-I", "-c", program], env=environment, check=True, timeout=PATIENCE_S)
    assert not (tmp_path / "called").exists()
