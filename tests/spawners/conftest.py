"""What the spawner's tests share: a Slurm double, and a real hub on top of it, one for each file of tests."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> SlurmDouble:
    """A Slurm double."""
    return SlurmDouble(tmp_path_factory.mktemp("slurm") / "bin")


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub for all tests of a file."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder)
    hub.start()
    yield hub
    hub.kill()
    hub.people.close()


@pytest.fixture
def hub(running_hub: HubDouble, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """The hub, with all servers stopped and Slurm answering normally after each test."""
    yield running_hub
    slurm.answer_normally()
    for name in ("ana", "carla", "ines"):
        for server in running_hub.ask("GET", f"/users/{name}?include_stopped_servers").json()["servers"]:
            path = f"/users/{name}/servers/{server}" if server else f"/users/{name}/server"
            running_hub.ask("DELETE", path, json={"remove": True} if server else {})
        running_hub.wait_until(name, ready=False)


class _Answers(BaseHTTPRequestHandler):
    """Answers every request as a single-user server would."""

    def do_GET(self) -> None:
        """Say hello."""
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server_port() -> Iterator[int]:
    """The port of something that answers like a single-user server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
