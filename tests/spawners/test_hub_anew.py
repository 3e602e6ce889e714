"""A hub that starts anew in the middle of a start: it goes on as if nothing had been, and can be given up."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub with a profile: it asks Slurm what it can give before it submits."""
    profile = {"name": "standard", "title": "Standard"}
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder, profiles=[profile])
    hub.start()
    yield hub
    hub.kill()


def waits(hub: HubDouble, slurm: SlurmDouble, server: str = "") -> tuple[int, str]:
    """Let a start of ana's wait in the queue, and a hub come back that knows of it; return its job and its token."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", f"/users/ana/servers/{server}" if server else "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    hub.kill()
    hub.start()
    return number, str(environment["JUPYTERHUB_API_TOKEN"])


@contextmanager
def told(hub: HubDouble) -> Iterator[Iterator[dict[str, object]]]:
    """Listen to what the waiting page is told."""
    headers = {"Authorization": f"token {hub.token_of('ana')}"}
    url = f"{hub.url}/api/users/ana/server/progress"
    with requests.get(url, headers=headers, stream=True, timeout=30) as answer:
        assert answer.status_code == 200
        yield (json.loads(line[5:]) for line in answer.iter_lines() if line.startswith(b"data:"))


def test_who_waits_goes_on_waiting(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """The page says how the start stands and where its server is once it is ready, as it always does."""
    number, token = waits(hub, slurm)
    with told(hub) as events:
        assert any(f"Job {number} waits in the queue" in str(event["message"]) for event in events)
        slurm.set_state(number, "RUNNING")
        assert hub.ask("POST", "/aula/port", token, json={"port": server_port}).status_code == 200
        last = list(events)[-1]
    assert last["ready"] is True
    assert hub.wait_until("ana", ready=True)


def test_a_start_saves_what_the_end_of_its_request_takes_back(
    hub: HubDouble, slurm: SlurmDouble, server_port: int
) -> None:
    """With the end of a request JupyterHub takes back whatever is not saved: a start that goes on has saved it all."""
    number = len(slurm.jobs()) + 1
    slow = slurm.folder / "sinfo"
    quick = slow.read_text()
    hub.kill()
    hub.start()  # one that has asked Slurm nothing yet
    slow.write_text("#!/bin/sh\nsleep 2\n")
    try:
        assert hub.ask("POST", "/users/ana/server").status_code == 202  # after a second
    finally:
        slow.write_text(quick)
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    hub.kill()
    hub.start()
    slurm.set_state(number, "RUNNING")
    token = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/port", token, json={"port": server_port}).status_code == 200
    assert hub.wait_until("ana", ready=True)


@pytest.mark.parametrize("server", ["", "second"])
def test_it_can_be_given_up(hub: HubDouble, slurm: SlurmDouble, server: str) -> None:
    """Who gives such a start up leaves no job and may start another at once."""
    number, _ = waits(hub, slurm, server)
    path = f"/users/ana/servers/{server}" if server else "/users/ana/server"
    assert hub.ask("DELETE", path, hub.token_of("ana")).status_code in (202, 204)
    found = hub.server("ana", server)
    assert not (found and (found["ready"] or found["pending"]))
    assert slurm.comes_to(number, "CANCELLED")
    assert hub.ask("POST", path, hub.token_of("ana")).ok
    slurm.wait_for_job(number + 1)


def test_the_page_says_why_it_failed(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A job that ends then fails the start with its reason, as it always does."""
    number, _ = waits(hub, slurm)
    with told(hub) as events:
        next(events)
        slurm.set_state(number, "OUT_OF_MEMORY")
        last = list(events)[-1]
    assert last["failed"] is True
    assert f"Job {number} ended (out of memory)" in str(last["message"])
    hub.wait_until("ana", ready=False)
