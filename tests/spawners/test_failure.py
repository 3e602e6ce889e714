"""A start that fails: the job's own last words reach who waits, and nobody else says anything in its place."""

import json

import pytest
from aula_spawner.callback import checked_log
from aula_spawner.errors import StartError
from tornado.web import HTTPError

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble

LOG = "Traceback (most recent call last):\nOSError: [Errno 28] No space left on device\n"


def pending(hub: HubDouble, slurm: SlurmDouble, name: str = "ana") -> str:
    """Start a server that stays pending, and return its token."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", f"/users/{name}/server").status_code in (201, 202)  # 201 after a start that failed
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    return str(environment["JUPYTERHUB_API_TOKEN"])


def last_event(hub: HubDouble, name: str = "ana") -> dict[str, object]:
    """Return what the page of who waits hears last."""
    answer = hub.ask("GET", f"/users/{name}/server/progress")
    events = [json.loads(line[5:]) for line in answer.text.splitlines() if line.startswith("data:")]
    found: dict[str, object] = events[-1]
    return found


def test_who_waits_reads_the_end_of_the_log(hub: HubDouble, slurm: SlurmDouble) -> None:
    """When the job has ended the page gets the reason in words, and after an empty line what the job sent."""
    token = pending(hub, slurm)
    assert hub.ask("POST", "/aula/failure", token, json={"log": LOG}).status_code == 200
    slurm.set_state(slurm.jobs()[-1], "FAILED")
    event = last_event(hub)
    assert event["failed"]
    said, _, log = str(event["message"]).partition("\n\n")
    assert "ended (failed) before JupyterLab was ready" in said
    assert log == LOG.strip()


def test_the_next_start_knows_nothing_of_it(hub: HubDouble, slurm: SlurmDouble) -> None:
    """What an earlier job sent is not shown for a later one."""
    token = pending(hub, slurm)
    hub.ask("POST", "/aula/failure", token, json={"log": LOG})
    slurm.set_state(slurm.jobs()[-1], "FAILED")
    last_event(hub)
    pending(hub, slurm)
    slurm.set_state(slurm.jobs()[-1], "TIMEOUT")
    assert "No space" not in str(last_event(hub)["message"])


def test_only_the_job_of_the_start_is_heard(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Other tokens are refused; the job itself is heard once."""
    token = pending(hub, slurm)
    for other in (hub.token_of("ana"), hub.token_of("carla"), pending(hub, slurm, "carla") + "x", ""):
        assert hub.ask("POST", "/aula/failure", other, json={"log": "forged"}).status_code == 403
    assert hub.ask("POST", "/aula/failure", token, json={"log": LOG}).status_code == 200
    assert hub.ask("POST", "/aula/failure", token, json={"log": "again"}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"log", b'{"log": 7}', b'{"log": null}', b'{"log": "a", "log": "b"}', b'{"log": "a", "ip": "b"}',
     b'{"port": 2000}', b'{"log": "\xff"}', b'["log"]', b"[" * 900, b'{"log": "' + b"a" * 30_000 + b'"}'],
)  # fmt: skip
def test_anything_else_is_a_400_in_words(body: bytes) -> None:
    """Every other body is refused, with a sentence that says what to send."""
    with pytest.raises(HTTPError, match="Send exactly") as refused:
        checked_log(body)
    assert refused.value.status_code == 400


def test_a_log_is_plain_text_of_some_lines() -> None:
    """Of a log the last twenty lines stay, none endless, without control characters and empty lines."""
    lines = [f"line {number}" for number in range(100)]
    log = checked_log(json.dumps({"log": "\n".join([*lines, "", "\x1b[31mred\x07", "y" * 5000, ""])}).encode())
    assert log.splitlines()[0] == "line 82"
    assert log.splitlines()[-2] == " [31mred"
    assert [len(log.splitlines()), len(log.splitlines()[-1])] == [20, 300]
    assert "\n\n" not in log


def test_the_hubs_log_holds_the_sentence_alone() -> None:
    """What a job sent is for its owner's page; no line of the hub's log is written by it."""
    error = StartError("The job ended.", "2026-11-25 INFO forged")
    assert str(error) == "The job ended."
    assert error.jupyterhub_message == "The job ended.\n\n2026-11-25 INFO forged"
