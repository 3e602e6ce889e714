"""A server asks the hub to stop it: it is stopped, and the reason is kept for its owner."""

import pytest
from aula_spawner.callback import checked_end
from tornado.web import HTTPError

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


def running(hub: HubDouble, slurm: SlurmDouble, port: int, name: str = "ana") -> str:
    """Start a server, and return its token once it runs."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", f"/users/{name}/server").status_code in (201, 202)
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    token = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/port", token, json={"port": port}).status_code == 200
    slurm.set_state(slurm.jobs()[-1], "RUNNING")
    hub.wait_until(name, ready=True)
    return token


@pytest.mark.parametrize(("why", "ended"), [("idle", "IDLE"), ("time", "TIMEOUT")])
def test_it_is_stopped_and_the_reason_is_kept(
    hub: HubDouble, slurm: SlurmDouble, server_port: int, why: str, ended: str
) -> None:
    """The job is cancelled, the hub knows why, and the next start forgets it."""
    token = running(hub, slurm, server_port)
    assert hub.ask("POST", "/aula/end", token, json={"why": why}).status_code == 200
    found = hub.wait_until("ana", ready=False)
    assert found is not None
    assert found["state"]["ended"] == ended
    running(hub, slurm, server_port)
    found = hub.server("ana")
    assert found is not None
    assert "ended" not in found["state"]


def test_it_is_started_anew(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """Where its owner wished so, a new job follows the one that was cancelled, and it has no reason to tell."""
    token = running(hub, slurm, server_port)
    number = len(slurm.jobs())
    assert hub.ask("POST", "/aula/end", token, json={"why": "anew"}).status_code == 200
    environment = slurm.wait_for_job(number + 1)["environment"]
    assert isinstance(environment, dict)
    assert environment["JUPYTERHUB_API_TOKEN"] != token
    found = hub.server("ana")
    assert found is not None
    assert found["pending"] == "spawn"
    assert "ended" not in found["state"]


def test_nobody_else_can_ask(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """The owner's other tokens, another's and none are refused, and so is a server that has not started yet."""
    running(hub, slurm, server_port)
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/carla/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    for token in (hub.token_of("ana"), hub.token_of("carla"), "made-up", ""):
        assert hub.ask("POST", "/aula/end", token, json={"why": "idle"}).status_code == 403
    pending = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/end", pending, json={"why": "idle"}).status_code == 400
    found = hub.server("ana")
    assert found is not None
    assert found["ready"]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"why": "bored"}', b'{"why": ["idle"]}', b'{"why": "idle", "who": "carla"}', b"[1]"]
)
def test_anything_else_is_a_400_in_words(body: bytes) -> None:
    """A body without one of the known reasons is refused, with a sentence that says what to send."""
    with pytest.raises(HTTPError) as refused:
        checked_end(body)
    assert refused.value.status_code == 400
    assert "Send exactly" in str(refused.value)
