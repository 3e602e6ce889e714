"""A server that ran and is gone: the hub finds out at once, says why on the page, and leaves no job."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from tests.spawners.conftest import _Answers
from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server that a test can end."""
    found = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=found.serve_forever, daemon=True).start()
    yield found
    end(found)


def end(server: ThreadingHTTPServer) -> None:
    """Let nothing listen there any more."""
    server.shutdown()
    server.server_close()


def started(hub: HubDouble, slurm: SlurmDouble, server: ThreadingHTTPServer) -> int:
    """Let ana's server run, and return its job."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    body = {"port": server.server_address[1]}
    assert hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json=body).status_code == 200
    assert hub.wait_until("ana", ready=True)
    return number


def page(hub: HubDouble, language: str = "en") -> requests.Response:
    """Open the server's address, as ana's browser does where there is no route to it."""
    headers = {"Authorization": f"token {hub.token_of('ana')}", "Accept": "text/html", "Accept-Language": language}
    return requests.get(f"{hub.url}/user/ana/lab", headers=headers, timeout=10)


def test_slurm_is_asked_as_soon_as_nothing_listens(
    hub: HubDouble, slurm: SlurmDouble, server: ThreadingHTTPServer
) -> None:
    """A job that ends is noticed within seconds and not at the next look half a minute later; the page says why."""
    number = started(hub, slurm, server)
    slurm.set_state(number, "OUT_OF_MEMORY")
    end(server)
    hub.wait_until("ana", ready=False, seconds=5)
    answer = page(hub)
    assert answer.status_code == 424
    assert "It ended: out of memory." in answer.text
    assert "/hub/spawn/ana" in answer.text
    assert "Terminó: sin memoria." in page(hub, "es").content.decode()


def test_the_reason_outlives_the_hub_and_not_the_next_start(
    hub: HubDouble, slurm: SlurmDouble, server: ThreadingHTTPServer
) -> None:
    """A hub that starts anew still says why; who stops their own server afterwards reads no reason."""
    number = started(hub, slurm, server)
    slurm.set_state(number, "TIMEOUT")
    end(server)
    hub.wait_until("ana", ready=False, seconds=5)
    hub.kill()
    hub.start()
    assert "It ended: its time was over." in page(hub).text
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number)
    hub.ask("DELETE", "/users/ana/server")
    hub.wait_until("ana", ready=False)
    assert "It ended" not in page(hub).text


def test_a_server_that_is_gone_leaves_no_job(hub: HubDouble, slurm: SlurmDouble, server: ThreadingHTTPServer) -> None:
    """Slurm says that the job runs, but nothing listens: the server is gone, and its job is cancelled in the end."""
    number = started(hub, slurm, server)
    end(server)
    hub.wait_until("ana", ready=False, seconds=5)
    assert "It ended: JupyterLab is gone from its node." in page(hub).text
    assert slurm.comes_to(number, "CANCELLED")
    assert ["-n", "-u", "ana", f"{slurm.folder}/scancel", str(number)] in slurm.calls("sudo")
