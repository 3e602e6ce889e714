"""A demo person at their browser, without one: signed in by HTTP, they start, look at and stop their server."""

import fcntl
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

from tests.classroom import Classroom

_Answer = TypeVar("_Answer")

PATIENCE = 40.0
"""Seconds that anything of the class may take on a busy machine."""


def wait_for(what: Callable[[], _Answer], why: str, within: float = PATIENCE) -> _Answer:
    """Return what a question answers once it answers with something; fail with `why` where it never does."""
    deadline = time.monotonic() + within
    while not (answer := what()):
        assert time.monotonic() < deadline, f"{why}: not within {within:.0f} s"
        time.sleep(0.15)
    return answer


@dataclass(frozen=True)
class Job:
    """A server's job in the queue."""

    id: str
    user: str
    account: str
    partition: str
    node: str


class Person:
    """Somebody who is signed in at the hub, with a token of their own for its API."""

    def __init__(self, classroom: Classroom, who: str) -> None:
        self.classroom, self.who, self.name = classroom, who, classroom.name(who)
        self.hub = f"{classroom.address}/hub"
        self.session = requests.Session()
        answer = sign_in(self.session, self.hub, self.name, classroom.password(who))
        assert answer.url == f"{self.hub}/home", f"{self.name} cannot sign in: {answer.status_code}"
        self.token = str(
            self._api("POST", f"users/{self.name}/tokens", {"note": "a test", "expires_in": 7200})["token"]
        )

    def _api(self, method: str, path: str, body: object) -> dict[str, Any]:
        headers = {"X-XSRFToken": self.xsrf, "Referer": f"{self.hub}/home"}
        answer = self.session.request(method, f"{self.hub}/api/{path}", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    @property
    def xsrf(self) -> str:
        """The word that proves that a request comes from the hub's own page."""
        return next(str(c.value) for c in self.session.cookies if c.name == "_xsrf" and c.path == "/hub/")

    def api(
        self, method: str, path: str, body: object = None, token: str | None = None, timeout: float = 30
    ) -> requests.Response:
        """Call the hub's API with this person's token, or another one."""
        headers = {"Authorization": f"token {self.token if token is None else token}"}
        data = None if body is None else json.dumps(body)
        return requests.request(method, f"{self.hub}/api/{path}", data=data, headers=headers, timeout=timeout)

    def at_server(self, path: str, token: str | None = None) -> requests.Response:
        """Ask this person's server, through the proxy."""
        return requests.get(
            f"{self.classroom.server(self.who)}/{path}",
            headers={"Authorization": f"token {self.token if token is None else token}"},
            timeout=30,
            allow_redirects=False,
        )

    def create_at_server(self, path: str, body: object) -> requests.Response:
        """Ask this person's server, through the proxy, to make something."""
        return requests.post(
            f"{self.classroom.server(self.who)}/{path}",
            json=body,
            headers={"Authorization": f"token {self.token}"},
            timeout=30,
        )

    def model(self) -> dict[str, Any]:
        """Return what the hub knows about this person, without the time of the last request."""
        found: dict[str, Any] = self.api("GET", f"users/{self.name}").json()
        found.pop("last_activity", None)
        return found

    def server(self) -> dict[str, Any]:
        """Return what the hub knows about this person's server; nothing where there is none."""
        servers: dict[str, dict[str, Any]] = self.model()["servers"]
        return servers.get("", {})

    def jobs(self) -> list[Job]:
        """Return this person's servers' jobs that wait or run, as root sees them."""
        listing = self.classroom.slurm("squeue", "--noheader", f"--user={self.name}", "--format=%A|%u|%a|%P|%N|%j")
        rows = [[field.strip() for field in line.split("|")] for line in listing.splitlines()]
        return [Job(*row[:5]) for row in rows if row[5].startswith("jupyter-")]

    def start(self, options: object = None) -> dict[str, Any]:
        """Start the server and return what the hub knows about it once it is ready."""
        answer = self.api("POST", f"users/{self.name}/server", options)
        assert answer.status_code in (201, 202), answer.text
        return self.ready()

    def begin(self) -> Job:
        """Ask for the server on the hub's form and return its job, without waiting for more."""
        word = {"_xsrf": self.xsrf}
        self.session.post(f"{self.hub}/spawn", params=word, data={}, timeout=30, allow_redirects=False)
        return wait_for(lambda: next(iter(self.jobs()), None), f"the job of {self.name} is in the queue")

    def ready(self) -> dict[str, Any]:
        """Wait until the server is ready; fail at once where its start has failed."""

        def look() -> dict[str, Any]:
            server = self.server()
            assert server, f"the start of {self.name}'s server failed"
            return server if server["ready"] else {}

        return wait_for(look, f"the server of {self.name} is ready")

    def stop(self) -> None:
        """Stop the server, whatever it is doing, and wait until its job is gone."""
        # A hub that has just started looks at each server first, and stops none while it does. It gives up after
        # 20 s of Slurm's word and 60 s of JupyterHub's own, where Slurm has not noticed yet that the job is lost.
        wait_for(lambda: self.server().get("pending") != "check", f"the hub knows of {self.name}'s server", 120)
        if self.server():
            answer = self.api("DELETE", f"users/{self.name}/server")
            assert answer.status_code in (202, 204), answer.text
        wait_for(lambda: not self.server(), f"the hub has let go of {self.name}'s server")
        wait_for(lambda: not self.jobs(), f"the job of {self.name} is gone")


@contextmanager
def alone(classroom: Classroom, who: str) -> Iterator[Person]:
    """Sign a person in whom no other test process uses meanwhile, without a server before and after."""
    name = classroom.name(who)
    with (Path(tempfile.gettempdir()) / f"aula-test-{classroom.settings.name}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        person = Person(classroom, who)
        _limit(person, "-1")  # what a test left that was killed while it held the person's jobs
        person.stop()
        yield person
        person.stop()


@contextmanager
def held(person: Person) -> Iterator[None]:
    """Let jobs of one person wait in the queue, and no one else's; afterwards they start."""
    _limit(person, "0")
    try:
        yield
    finally:
        _limit(person, "-1")


def _limit(person: Person, most: str) -> None:
    """Set how many jobs of a person may run at once; -1 for any number."""
    person.classroom.slurm("sacctmgr", "--immediate", "modify", "user", person.name, "set", f"MaxJobs={most}")


def sign_in(session: requests.Session, hub: str, name: str, password: str) -> requests.Response:
    """Fill in the sign-in form and return the page that follows."""
    page = session.get(f"{hub}/login?next=%2Fhub%2Fhome", timeout=30)
    form = {"username": name, "password": password, "_xsrf": session.cookies.get("_xsrf")}
    return session.post(page.url, data=form, timeout=30)


def unheard_of() -> str:
    """Return a name that nobody has, another one each time."""
    return f"nobody-{secrets.token_hex(4)}"
