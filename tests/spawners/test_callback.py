"""The port callback takes one port, once, from a pending start, and nothing else changes anything."""

import pytest
from aula_spawner.callback import checked_port
from aula_spawner.spawner import AulaSpawner
from tornado.web import HTTPError

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble

BAD_BODIES = {
    "nothing": b"",
    "not JSON": b"port=2000",
    "not UTF-8": b'{"port": "\xff"}',
    "a list": b'[{"port": 2000}]',
    "a bare number": b"2000",
    "a text": b'{"port": "2000"}',
    "a fraction": b'{"port": 2000.5}',
    "a whole number written as a fraction": b'{"port": 2000.0}',
    "true": b'{"port": true}',
    "null": b'{"port": null}',
    "too low": b'{"port": 1023}',
    "negative": b'{"port": -2000}',
    "too high": b'{"port": 65536}',
    "not a number": b'{"port": NaN}',
    "endless digits": b'{"port": ' + b"9" * 5000 + b"}",
    "twice": b'{"port": 2000, "port": 3000}',
    "something more": b'{"port": 2000, "ip": "10.0.0.1"}',
    "something else": b'{"Port": 2000}',
    "an object": b'{"port": {"port": 2000}}',
    "too deep": b"[" * 900,
    "too long": b'{"port": 2000' + b" " * 2000 + b"}",
}


@pytest.mark.parametrize("port", [1024, 8888, 65535])
def test_a_port_is_read(port: int) -> None:
    """A whole number within the range is taken as it is."""
    assert checked_port(b'{"port": %d}' % port) == port


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_anything_else_is_a_400_in_words(body: bytes) -> None:
    """Every other body is refused, with a sentence that says what to send."""
    with pytest.raises(HTTPError) as refused:
        checked_port(body)
    assert refused.value.status_code == 400
    assert "Send exactly" in str(refused.value)


def _pending_start(hub: HubDouble, slurm: SlurmDouble, name: str = "ana") -> str:
    """Start a server that stays pending, and return its token."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", f"/users/{name}/server").status_code == 202
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    return str(environment["JUPYTERHUB_API_TOKEN"])


def _state(hub: HubDouble, name: str = "ana") -> object:
    """Return all that the hub keeps about the server."""
    found = hub.server(name)
    assert found is not None
    return {key: value for key, value in found.items() if key != "last_activity"}


def test_a_start_goes_through(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """A job that runs and reports its port becomes a server at the address that Slurm gave."""
    token = _pending_start(hub, slurm)
    answer = hub.ask("POST", "/aula/port", token, json={"port": server_port})
    assert answer.status_code == 200
    slurm.set_state(slurm.jobs()[-1], "RUNNING")
    found = hub.wait_until("ana", ready=True)
    assert found is not None
    assert found["state"]["job_id"] == str(slurm.jobs()[-1])


def test_a_port_is_taken_once(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A second report, even of the same port, is refused and changes nothing."""
    token = _pending_start(hub, slurm)
    assert hub.ask("POST", "/aula/port", token, json={"port": 20000}).status_code == 200
    before = _state(hub)
    for port in (20000, 20001):
        again = hub.ask("POST", "/aula/port", token, json={"port": port})
        assert again.status_code == 400
        assert "already" in again.json()["message"]
    assert _state(hub) == before


def test_attributes_of_the_spawner_cannot_be_set(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Every attribute name a spawner has is refused, alone and beside a good port; then a good port works."""
    token = _pending_start(hub, slurm)
    before = _state(hub)
    names = [name for name in dir(AulaSpawner) if name != "port"]
    assert len(names) > 200
    for name in [*names[::7], "ip", "cmd", "req_options", "batch_script", "user_options", "job_id", "mark"]:
        for body in ({name: 20000}, {"port": 20000, name: "x"}):
            assert hub.ask("POST", "/aula/port", token, json=body).status_code == 400, body
    assert _state(hub) == before
    assert hub.ask("POST", "/aula/port", token, json={"port": 20000}).status_code == 200


def test_only_the_starts_own_token_counts(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The owner's other token, another person's, a neighbour's start, a service's and none are all refused."""
    _pending_start(hub, slurm)
    neighbour = _pending_start(hub, slurm, "carla")
    before = _state(hub)
    for token in (hub.token_of("ana"), hub.token_of("carla"), "admin-token-of-the-tests", "made-up", ""):
        assert hub.ask("POST", "/aula/port", token, json={"port": 20000}).status_code == 403
    assert hub.ask("POST", "/aula/port", neighbour, json={"port": 20000}).status_code == 200
    assert _state(hub) == before


def test_the_token_of_an_ended_start_is_worthless(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A job that was given up cannot report for the start that came after it."""
    old = _pending_start(hub, slurm)
    hub.ask("DELETE", "/users/ana/server")
    hub.wait_until("ana", ready=False)
    _pending_start(hub, slurm)
    assert hub.ask("POST", "/aula/port", old, json={"port": 20000}).status_code == 403


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_other_methods_do_nothing(hub: HubDouble, slurm: SlurmDouble, method: str) -> None:
    """Only POST is answered."""
    token = _pending_start(hub, slurm)
    assert hub.ask(method, "/aula/port", token, json={"port": 20000}).status_code == 405


def test_the_stock_endpoint_is_gone(hub: HubDouble, slurm: SlurmDouble) -> None:
    """batchspawner's endpoint, which sets any attribute, does not exist on this hub."""
    token = _pending_start(hub, slurm)
    assert hub.ask("POST", "/batchspawner", token, json={"port": 20000}).status_code == 404
