"""One look at the queue serves all who ask, and never takes a job that it cannot see for one that is gone."""

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from aula_spawner.cluster import Cluster
from aula_spawner.errors import SlurmError
from aula_spawner.slurm.squeue import Phase
from aula_spawner.watcher import Watcher, watcher

from tests.spawners.slurm_double import SlurmDouble

SCRIPT = "#!/bin/sh\n#SBATCH --job-name=jupyter-0123456789ab\n"


@pytest.fixture
def slurm(tmp_path: Path) -> SlurmDouble:
    """A Slurm of this test's own."""
    return SlurmDouble(tmp_path / "slurm")


@pytest.fixture
def cluster(slurm: SlurmDouble) -> Cluster:
    """Its commands."""
    return Cluster(str(slurm.folder), f"{slurm.folder}/sudo", "", 10.0)


async def test_one_squeue_serves_five_hundred(slurm: SlurmDouble, cluster: Cluster) -> None:
    """Five hundred servers are looked at by one command, and by none within the interval after it."""
    watch = Watcher(cluster, 30)
    listing = "".join(f"{number}|RUNNING|node1|interactive|1|N/A|None\n" for number in range(1, 501))
    slurm.answer("squeue", output=listing)
    for _ in range(2):
        jobs = await asyncio.gather(*(watch.job(str(number), "ana") for number in range(1, 501)))
        assert [job.id for job in jobs if job and job.phase is Phase.RUNNING] == [str(n) for n in range(1, 501)]
    assert len(slurm.calls("squeue")) == 1
    assert slurm.calls("sudo") == []


async def test_at_most_one_squeue_an_interval(slurm: SlurmDouble, cluster: Cluster) -> None:
    """Who wants to know what is true from now on waits for the next look; there are not more of them for it."""
    watch = Watcher(cluster, 0.4)
    slurm.answer("squeue", output="1|PENDING||interactive|1|N/A|Resources\n")
    began = time.monotonic()
    for _ in range(3):
        now = time.monotonic()
        await asyncio.gather(*(watch.job("1", "ana", now) for _ in range(20)))
    assert len(slurm.calls("squeue")) == 3
    assert time.monotonic() - began >= 0.8


async def test_a_look_before_the_job_says_nothing_of_it(cluster: Cluster) -> None:
    """A job that was submitted after the latest look is not gone: another look finds it."""
    watch = Watcher(cluster, 0.3)
    assert await watch.job("1", "ana") is None
    number = await cluster.submit("ana", SCRIPT, {})
    job = await watch.job(number, "ana", time.monotonic())
    assert job is not None
    assert job.phase is Phase.WAITING


async def test_a_job_that_the_hub_cannot_see_is_asked_for_in_its_owners_name(
    slurm: SlurmDouble, cluster: Cluster
) -> None:
    """Where Slurm hides people's jobs, the owner is asked; only what they do not have either is gone."""
    number = await cluster.submit("ana", SCRIPT, {})
    (hidden := slurm.folder / "hidden").write_text("#!/bin/sh\n")
    hidden.chmod(0o755)
    blind = Cluster(cluster.commands, cluster.sudo, "", 10.0, (str(hidden),))
    watch = Watcher(blind, 30)
    job = await watch.job(number, "ana")
    assert job is not None
    assert job.phase is Phase.WAITING
    assert slurm.calls("sudo")[-1][:3] == ["-n", "-u", "ana"]
    slurm.set_state(int(number), "GONE")
    assert await watch.job(number, "ana") is None


async def test_a_command_of_the_sites_own_lists_all(slurm: SlurmDouble, cluster: Cluster) -> None:
    """A site that hides people's jobs from the hub names a command that sees them: nobody else is asked."""
    (lists := slurm.folder / "lists").write_text("#!/bin/sh\necho '7|RUNNING|node1|interactive|1|N/A|None'\n")
    lists.chmod(0o755)
    watch = Watcher(Cluster(cluster.commands, cluster.sudo, "", 10.0, (str(lists),)), 30)
    job = await watch.job("7", "ana")
    assert job is not None
    assert job.node == "node1"
    assert slurm.calls("squeue") == slurm.calls("sudo") == []


@pytest.mark.parametrize(
    "trouble",
    [
        {"output": "", "complaint": "squeue: error: Unable to contact slurm controller", "status": 1},
        {"output": "1|PURPLE|node1|interactive|1|N/A|None\n"},
        {"output": "1\n"},
        {"output": "<html>Service unavailable</html>"},
    ],
)
async def test_trouble_is_never_an_end(slurm: SlurmDouble, cluster: Cluster, trouble: dict[str, object]) -> None:
    """An error and nonsense are told to all who asked; the next look is a new one."""
    watch = Watcher(cluster, 0.1)
    await cluster.submit("ana", SCRIPT, {})
    slurm.answer("squeue", **trouble)  # type: ignore[arg-type]  # the table holds each in its place
    answers = await asyncio.gather(*(watch.job("1", "ana") for _ in range(5)), return_exceptions=True)
    assert all(isinstance(answer, SlurmError) for answer in answers)
    slurm.answer_normally()
    await asyncio.sleep(0.15)
    job = await watch.job("1", "ana")
    assert job is not None
    assert job.id == "1"


async def test_a_place_in_the_queue_is_of_the_latest_look(slurm: SlurmDouble, cluster: Cluster) -> None:
    """The place is counted in what was last seen, also while Slurm does not answer; who was not seen has none."""
    watch = Watcher(cluster, 0.0)
    slurm.answer("squeue", output="6|PENDING||interactive|9|N/A|Priority\n7|PENDING||interactive|1|N/A|Priority\n")
    job = await watch.job("7", "ana")
    assert job is not None
    assert watch.place(job) == 2
    slurm.answer("squeue", status=1)
    with pytest.raises(SlurmError):
        await watch.job("7", "ana")
    assert watch.place(job) == 2
    assert watch.place(replace(job, id="8")) is None


def test_servers_of_one_cluster_share_a_watcher(cluster: Cluster) -> None:
    """Equal settings are one cluster, with one watcher."""
    same = Cluster(**json.loads(json.dumps(vars(cluster) | {"jobs_command": []})) | {"jobs_command": ()})
    assert watcher(cluster, 0.5) is watcher(same, 0.5)
    assert watcher(cluster, 0.5) is not watcher(Cluster("/opt/slurm/bin", "/usr/bin/sudo", "", 30.0), 0.5)
