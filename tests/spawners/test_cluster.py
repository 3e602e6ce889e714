"""Slurm's commands: in whose name they run, and what their failures mean."""

import pytest
from aula_spawner.cluster import Cluster, unreachable
from aula_spawner.errors import CommandError, CommandTimeoutError, UnsafeValueError

from tests.spawners.slurm_double import SlurmDouble

COMMANDS = ("sudo", "sbatch", "squeue", "scancel", "scontrol")
SCRIPT = "#!/bin/sh\n#SBATCH --job-name=jupyter-0123456789ab\n"


@pytest.fixture
def cluster(slurm: SlurmDouble) -> Cluster:
    """The cluster of the double, which answers normally."""
    slurm.answer_normally()
    return Cluster(str(slurm.folder), f"{slurm.folder}/sudo", "/srv/slurm.conf", 10.0)


@pytest.mark.parametrize("owner", ["", "root;id", "-uroot", "a b", "ana\n"])
async def test_nothing_runs_in_a_name_that_is_not_plain(slurm: SlurmDouble, cluster: Cluster, owner: str) -> None:
    """Without a plain owner no command runs, and none runs as the hub instead."""
    before = [slurm.calls(command) for command in COMMANDS]
    with pytest.raises(UnsafeValueError):
        await cluster.submit(owner, SCRIPT, {})
    with pytest.raises(UnsafeValueError):
        await cluster.jobs(owner)
    with pytest.raises(UnsafeValueError):
        await cluster.cancel(owner, "1")
    with pytest.raises(UnsafeValueError):
        await cluster.comment(owner, "1", "ready")
    assert [slurm.calls(command) for command in COMMANDS] == before


async def test_a_job_is_submitted_and_found_in_its_owners_name(slurm: SlurmDouble, cluster: Cluster) -> None:
    """The job gets the variables that it is given beside ours, which they cannot replace; its owner sees it by name."""
    number = await cluster.submit("ana", SCRIPT, {"JUPYTERHUB_USER": "ana", "PATH": "/home/ana/bin"})
    environment = slurm.wait_for_job(int(number))["environment"]
    assert isinstance(environment, dict)
    assert environment["JUPYTERHUB_USER"] == "ana"
    assert environment["PATH"] == "/usr/bin:/bin"
    assert environment["SLURM_CONF"] == "/srv/slurm.conf"
    assert [job.id for job in await cluster.jobs("ana", "jupyter-0123456789ab")] == [number]
    assert await cluster.jobs("ana", "jupyter-ba9876543210") == ()
    assert all(call[:3] == ["-n", "-u", "ana"] for call in slurm.calls("sudo"))


async def test_a_job_that_slurm_does_not_know_is_cancelled(slurm: SlurmDouble, cluster: Cluster) -> None:
    """Slurm forgets jobs that ended: to cancel one is no error; any other complaint is one."""
    slurm.answer("scancel", complaint="scancel: error: Kill job error on job id 7: Invalid job id specified", status=1)
    await cluster.cancel("ana", "7")
    slurm.answer("scancel", complaint="scancel: error: Access/permission denied", status=1)
    with pytest.raises(CommandError, match="denied"):
        await cluster.cancel("ana", "7")


@pytest.mark.parametrize(
    ("error", "is_away"),
    [
        (CommandTimeoutError("sbatch", 30), True),
        (CommandError("sbatch", 1, "sbatch: error: Unable to contact slurm controller (connect failure)"), True),
        (CommandError("sbatch", 1, "sbatch: error: Invalid account"), False),
        (UnsafeValueError("the user name 'A' cannot have a server"), False),
    ],
)
def test_slurm_away_is_told_from_slurm_that_refuses(error: Exception, is_away: bool) -> None:
    """Only where Slurm cannot be asked is a person told to wait."""
    assert unreachable(error) is is_away


def test_servers_of_one_site_have_one_cluster() -> None:
    """Two spawners with the same settings have equal clusters, and others' differ: what is known can be shared."""
    one, same, other = (Cluster("/usr/bin", "/usr/bin/sudo", conf, 30.0) for conf in ("", "", "/srv/slurm.conf"))
    assert len({one, same, other}) == 2
