"""Two hubs of the same people on one cluster: neither sees the other's jobs, nor touches one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """Another hub, with a database of its own."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("other")), slurm.folder)
    hub.start()
    yield hub
    hub.kill()


def start(hub: HubDouble, slurm: SlurmDouble, port: int) -> tuple[int, str]:
    """Let ana's server run at a hub; return its job's number and name."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", "/users/ana/server").status_code in (201, 202)
    job = slurm.wait_for_job(number)
    environment = job["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    assert hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": port}).ok
    hub.wait_until("ana", ready=True)
    return number, str(job["name"])


def test_each_hub_knows_its_own_jobs(hub: HubDouble, other: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """The same person's servers at two hubs are two jobs; a crash and a stop at one leave the other's as it is."""
    mine, my_name = start(hub, slurm, server_port)
    theirs, their_name = start(other, slurm, server_port)
    assert my_name != their_name
    hub.kill()
    hub.start()
    assert hub.wait_until("ana", ready=True)
    hub.ask("DELETE", "/users/ana/server")
    hub.wait_until("ana", ready=False)
    assert (slurm.state(mine), slurm.state(theirs)) == ("CANCELLED", "RUNNING")
    found = other.server("ana")
    assert found is not None
    assert found["ready"]
    cancelled = [word for call in slurm.calls("scancel") for word in call]
    assert str(theirs) not in cancelled
    other.ask("DELETE", "/users/ana/server")
    other.wait_until("ana", ready=False)


def test_the_others_job_cannot_report_here(
    hub: HubDouble, other: HubDouble, slurm: SlurmDouble, server_port: int
) -> None:
    """A job of the other hub that knocks at this one has a token that nobody here knows."""
    number = len(slurm.jobs()) + 1
    other.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number + 1)
    token = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/port", token, json={"port": server_port}).status_code == 403
    assert hub.ask("POST", "/aula/failure", token, json={"log": "forged"}).status_code == 403
    other.ask("DELETE", "/users/ana/server")
    other.wait_until("ana", ready=False)
