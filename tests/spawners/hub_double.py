"""A real JupyterHub in a process of its own, with our configuration, a Slurm double and no proxy."""

import base64
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from aula.people.database import Database
from hub_config import certificates
from hub_config.settings import load
from tests.spawners.class_double import make_class

ROOT = Path(__file__).parents[2]
ADMIN_TOKEN = "admin-token-of-the-tests"
PASSWORD = "a good long password"
PORTAL_TOKEN = "a-token-of-the-portal"
MONITORING_TOKEN = "a-token-of-the-monitoring"

_CONFIG = """
import sys
sys.path.insert(0, {tests!r})
from hub_config.apply import apply
from hub_config.settings import load_from_environment
from no_proxy import NoProxy
c = get_config()
apply(c, load_from_environment())
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.services = [one for one in c.JupyterHub.services if one["name"] in ("portal", "hand-in", "monitoring")] + [
    {{"name": "tester", "api_token": {token!r}}}
]
c.JupyterHub.load_roles = [
    one for one in c.JupyterHub.load_roles if one.get("services") in (None, ["portal"], ["monitoring"])
] + [
    {{
        "name": "tester",
        "scopes": ["admin:users", "admin:servers", "tokens", "admin:server_state"],
        "services": ["tester"],
    }}
]
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 1}}
c.AulaSpawner.sudo = {slurm!r} + "/sudo"
c.AulaSpawner.slurm_bin = {slurm!r}
c.AulaSpawner.start_timeout = 20
c.AulaSpawner.answer_timeout = {answer_timeout}
c.Spawner.http_timeout = 5
c.AulaSpawner.startup_poll_interval = 0.1
c.AulaSpawner.heartbeat_interval = 0.2
c.AulaSpawner.heartbeat_patience = 1.0
"""


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def scrypt(password: str) -> str:
    """Return the stored form of a password, with cheap parameters."""
    digest = hashlib.scrypt(password.encode(), salt=b"salt", n=1024, r=8, p=1)
    return "$".join(["scrypt", "1024", "8", "1", base64.b64encode(b"salt").decode(), base64.b64encode(digest).decode()])


def settings_document(folder: Path, port: int) -> dict[str, Any]:
    """Return a complete settings document."""
    return {
        "instance": "aula-unit",
        "public_url": "http://127.0.0.1:65000/",
        "subdomains": False,
        "bind_url": "http://127.0.0.1:65000/",
        "hub_bind_url": f"http://127.0.0.1:{port}/",
        "proxy_api_url": "http://127.0.0.1:65001/",
        "state_dir": str(folder),
        "user_environment": "/opt/somewhere",
        "people_database": f"sqlite:///{folder}/people.sqlite",
        "lessons_dir": "/srv/lessons",
        "kernels_dir": "/srv/kernels",
        "jupyter_config_dir": "/srv/jupyter",
        "singleuser_script": "/opt/somewhere/singleuser.py",
        "slurm": {
            "configuration": "/srv/slurm.conf",
            "commands": "/usr/bin",
            "jobs_command": [],
            "partition": "interactive",
            "cores": 1,
            "memory": "1G",
            "walltime": "02:00:00",
            "idle_minutes": 60,
            "most_core_hours": 100,
        },
        "profiles": [],
        "course_runs": [
            {
                "id": "hpc-demo",
                "course": "hpc",
                "title": "HPC",
                "formgrader_url": "http://127.0.0.1:65010/",
                "formgrader_token": "a-token-of-the-formgrader",
            }
        ],
        "book_url": "http://127.0.0.1:65011/",
        "portal": {"url": "http://127.0.0.1:65012/", "token": PORTAL_TOKEN},
        "hand_in_token": "a-token-of-the-hand-in-service",
        "monitoring_token": MONITORING_TOKEN,
    }


def class_of_three(url: str) -> Database:
    """Return a new database with one run, two trainees and their instructor, who sign in with PASSWORD."""
    return make_class(url, scrypt(PASSWORD))


class HubDouble:
    """The hub's process and the requests that tests send to it."""

    def __init__(
        self,
        folder: Path,
        slurm: Path,
        oidc: dict[str, str] | None = None,
        profiles: Sequence[dict[str, Any]] = (),
        *,
        encrypted: bool = False,
        answer_timeout: int = 120,
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.document = {**settings_document(folder, self.port), "oidc": oidc, "profiles": list(profiles)}
        self.encrypt(on=encrypted)
        document = self.document
        if oidc:  # the provider sends browsers back to the public address: there is no proxy, so it is the hub's own
            document["public_url"] = f"http://127.0.0.1:{self.port}/"
        self._write_settings()
        self.people = class_of_three(document["people_database"])
        text = _CONFIG.format(
            tests=str(Path(__file__).parent), token=ADMIN_TOKEN, slurm=str(slurm), answer_timeout=answer_timeout
        )
        (folder / "config.py").write_text(text)
        self.process: subprocess.Popen[bytes] | None = None

    def encrypt(self, *, on: bool) -> None:
        """Switch internal TLS; the hub's next start minds it. Requests then show the hub's own certificate."""
        scheme, self.certificates = "https" if on else "http", self.folder / "internal-tls"
        self.url = f"{scheme}://127.0.0.1:{self.port}/hub"
        tls = {"certificates_dir": str(self.certificates), "errors_url": f"http://127.0.0.1:{free_port()}/"}
        self.document |= {"hub_bind_url": f"{scheme}://127.0.0.1:{self.port}/", "internal_tls": tls if on else None}
        if on:  # by a name, as people know it
            self.document["public_url"] = "http://localhost:65000/"
        self._write_settings()
        mine, trust = self.certificates / "hub-internal" / "hub-internal", self.certificates / "hub-ca_trust.crt"
        self.tls: dict[str, Any] = {"cert": (f"{mine}.crt", f"{mine}.key"), "verify": str(trust)} if on else {}
        certificates.up(load(self.folder / "settings.json"), datetime.now(UTC))

    def _write_settings(self) -> None:
        (self.folder / "settings.json").write_text(json.dumps(self.document))

    def start(self) -> None:
        """Start the hub and wait until it answers."""
        environment = {
            **os.environ,
            "AULA_HUB_SETTINGS": str(self.folder / "settings.json"),
            "PYTHONPATH": f"{ROOT}:{ROOT}/spawners",
        }
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(self.folder / "config.py")],
                env=environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        for _ in range(300):
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/api/", timeout=5, **self.tls).ok:
                    self._know_the_class()
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError((self.folder / "hub.log").read_text()[-4000:])

    def _know_the_class(self) -> None:
        """Let the hub know people as if they had signed in once."""
        for name in ("ana", "carla", "ines"):
            self.ask("POST", f"/users/{name}")

    def kill(self) -> None:
        """End the hub as a crash would: at once."""
        self.people.close()
        if self.process:
            self.process.kill()
            self.process.wait()

    def ask(self, method: str, path: str, token: str = ADMIN_TOKEN, **more: Any) -> requests.Response:
        """Send a request with a token."""
        headers = {"Authorization": f"token {token}", **more.pop("headers", {})}
        return requests.request(method, f"{self.url}/api{path}", headers=headers, timeout=30, **self.tls, **more)

    def token_of(self, name: str) -> str:
        """Return a new token of a person, which may do all that the person may."""
        return str(self.ask("POST", f"/users/{name}/tokens").json()["token"])

    def server(self, name: str, server: str = "") -> dict[str, Any] | None:
        """Return what the hub says about a server, None if there is none."""
        found = self.ask("GET", f"/users/{name}?include_stopped_servers").json()["servers"].get(server)
        return dict(found) if found else None

    def wait_until(self, name: str, *, ready: bool, seconds: float = 15) -> dict[str, Any] | None:
        """Wait until the person's default server is ready, or is gone."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.server(name)
            if ready and found and found["ready"]:
                return found
            if not ready and (found is None or (not found["pending"] and not found["ready"])):
                return found
            time.sleep(0.1)
        raise AssertionError(f"{name}'s server did not become {ready=}: {self.server(name)}")
