"""A job that runs and whose server never listens: the start ends in words, long before a queue's patience does."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble

ANSWER_S = 3


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub that gives a job that runs three seconds."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder, answer_timeout=ANSWER_S)
    hub.start()
    yield hub
    hub.kill()


def test_only_a_job_that_runs_must_answer_soon(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A start that waits in the queue goes on waiting; from the moment its job runs it has so many seconds."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number)
    time.sleep(ANSWER_S + 2)
    waits = hub.server("ana")
    assert waits is not None
    assert waits["pending"] == "spawn"
    slurm.set_state(number, "RUNNING")
    hub.wait_until("ana", ready=False, seconds=ANSWER_S + 7)
    assert f"did not answer for {ANSWER_S} seconds" in (hub.folder / "hub.log").read_text()
    assert slurm.state(number) == "CANCELLED"
