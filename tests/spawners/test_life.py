"""A server's life in the cases of batchspawner's own tests that others of ours do not tell."""

import time
from types import SimpleNamespace

import pytest
from aula_spawner.spawner import AulaSpawner
from batchspawner import JobStatus

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble

STATE = {"job_id": "12345", "mark": "0123456789abcdef" * 4, "unix_account": "train01"}
AWAY = {"status": 1, "complaint": "slurm_load_jobs error: Unexpected message received"}


def spawner(slurm: SlurmDouble, **settings: object) -> AulaSpawner:
    """Return a spawner that no hub knows, on the Slurm double."""
    alone = AulaSpawner(
        user=SimpleNamespace(name="ana"), sudo=f"{slurm.folder}/sudo", slurm_bin=str(slurm.folder), **settings
    )
    alone.user_environment = "/opt/jupyter"
    return alone


async def test_who_never_started_has_nothing_to_ask_about(slurm: SlurmDouble) -> None:
    """A server without a start is not there, has no state, and Slurm is not asked about it."""
    new = spawner(slurm)
    assert await new.poll() == 1
    assert await new.query_job_status() is JobStatus.NOTFOUND
    assert new.get_state() == {}
    assert slurm.calls("squeue") == slurm.calls("sudo") == []


def test_what_is_remembered_comes_back_whole(slurm: SlurmDouble) -> None:
    """What one hub saves is what the next one knows; a server that is over leaves nothing."""
    new = spawner(slurm)
    new.load_state(STATE)
    assert new.get_state() == STATE
    new.clear_state()
    assert new.get_state() == {}


@pytest.mark.parametrize(
    "setting",
    [
        {"req_options": "--uid=0"},
        {"req_prologue": "id"},
        {"req_partition": "batch"},
        {"batch_script": "#!/bin/sh\nid"},
        {"exec_prefix": "sh -c"},
        {"cmd": ["id"]},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_stock_settings_change_no_script(slurm: SlurmDouble, setting: dict[str, object]) -> None:
    """What batchspawner would put into its script by name is in none of ours."""
    assert spawner(slurm, **setting)._batch_script() == spawner(slurm)._batch_script()


def test_an_sbatch_that_names_no_job_starts_nothing(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Where sbatch ends well and says nothing, the start fails at once, with what it said, and no server is left."""
    slurm.answer("sbatch", output="\n")
    assert hub.ask("POST", "/users/ana/server").status_code in (202, 500)  # a slow machine answers before
    hub.wait_until("ana", ready=False)
    assert "The server could not be started. Cannot read what sbatch" in (hub.folder / "hub.log").read_text()
    slurm.answer_normally()
    assert hub.ask("POST", "/users/ana/server").status_code in (201, 202)


def test_a_job_that_vanishes_after_an_error_fails_the_start(hub: HubDouble, slurm: SlurmDouble) -> None:
    """An error in between changes nothing: a job that Slurm then knows no longer ends the start within seconds."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number)
    slurm.answer("squeue", **AWAY)  # type: ignore[arg-type]  # the table holds each in its place
    time.sleep(1.5)
    assert (hub.server("ana") or {})["pending"] == "spawn"
    slurm.set_state(number, "GONE")
    slurm.answer_normally()
    begin = time.monotonic()
    hub.wait_until("ana", ready=False)
    assert time.monotonic() - begin < 14
    assert f"Job {number} is no longer known to Slurm" in (hub.folder / "hub.log").read_text()


def test_a_server_that_runs_is_kept_through_errors_and_forgotten_when_it_is_gone(
    hub: HubDouble, slurm: SlurmDouble, server_port: int
) -> None:
    """While squeue fails the hub says that the server runs; when Slurm knows the job no longer, another may start."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": server_port})
    assert hub.wait_until("ana", ready=True)
    slurm.answer("squeue", **AWAY)  # type: ignore[arg-type]  # the table holds each in its place
    time.sleep(1)  # what the watcher saw a moment ago is not asked again
    again = hub.ask("POST", "/users/ana/server")
    assert (again.status_code, "already running" in again.text) == (400, True)
    slurm.set_state(number, "GONE")
    slurm.answer_normally()
    time.sleep(1)
    assert hub.ask("POST", "/users/ana/server").status_code in (201, 202)
    slurm.wait_for_job(number + 1)
