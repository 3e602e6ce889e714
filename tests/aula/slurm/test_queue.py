"""What Slurm is asked for, and what is said where it refuses or is not there."""

from pathlib import Path

import pytest
from aula_spawner.slurm.profile import Request

from aula.errors import RunError
from aula.slurm.queue import Queue, named
from tests.aula.slurm.slurm_double import SlurmThatAnswers

REQUEST = Request(partition="batch", cores=2, memory="2G", walltime="00:05:00", gpus=1, account="sme")


@pytest.fixture
def slurm(tmp_path: Path) -> SlurmThatAnswers:
    """A Slurm that answers."""
    return SlurmThatAnswers(tmp_path / "slurm")


def of(slurm: SlurmThatAnswers, name: str = "x") -> Queue:
    """Return the queue of jobs of a name."""
    return Queue.of(slurm.environment, name, "ask for less")


def test_an_array_is_submitted_with_its_resources(slurm: SlurmThatAnswers) -> None:
    """Every wish becomes an option; the tasks are numbered, at most so many run, and no job requeues itself."""
    queue = of(slurm)
    assert queue.submit(REQUEST, 3, 2, "/out/%a.log", ["python", "a b"]) == "12"
    words = slurm.calls("sbatch")[0]
    assert {
        *("--array=0-2%2", "--partition=batch", "--cpus-per-task=2", "--mem=2G", "--time=00:05:00", "--gres=gpu:1"),
        *("--account=sme", "--output=/out/%a.log", "--no-requeue", f"--job-name={queue.name}"),
    } <= set(words)


def test_jobs_do_not_think_that_they_are_in_ours() -> None:
    """Who submits from within a job hands on the way to Slurm, and nothing of that job."""
    queue = Queue.of({"SLURM_JOB_ID": "7", "SLURM_CONF": "/c", "SLURM_MEM_PER_NODE": "1", "HOME": "/h"}, "x")
    assert queue.environment == {"SLURM_CONF": "/c", "HOME": "/h"}


def test_only_jobs_of_one_run_are_cancelled(slurm: SlurmThatAnswers) -> None:
    """Jobs are cancelled by a name that no other run has, never by a number alone."""
    one, other = of(slurm, named("x")), of(slurm, named("x"))
    one.cancel()
    words = slurm.calls("scancel")[0]
    assert f"--name={one.name}" in words
    assert one.name != other.name


@pytest.mark.parametrize(("name", "chosen"), [(None, "interactive"), ("batch", "batch")])
def test_the_partition_is_the_named_or_the_usual_one(slurm: SlurmThatAnswers, name: str | None, chosen: str) -> None:
    """Slurm marks its usual partition by a star."""
    assert of(slurm).partition(name) == chosen


def test_a_misspelt_partition_is_named_with_the_nearest(slurm: SlurmThatAnswers) -> None:
    """The error says what there is."""
    with pytest.raises(RunError, match="no partition 'bach': did you mean 'batch'"):
        of(slurm).partition("bach")


def test_without_a_usual_partition_one_must_be_named(slurm: SlurmThatAnswers) -> None:
    """Nothing is guessed."""
    slurm.answer("sinfo", "batch\nlong\n")
    with pytest.raises(RunError, match="name one with --partition: batch, long"):
        of(slurm).partition(None)


def test_without_slurm_the_error_says_what_to_do(tmp_path: Path) -> None:
    """A machine without Slurm's commands is named as such."""
    with pytest.raises(RunError, match=r"no Slurm here: .*login node.*leave out '--on slurm'"):
        Queue.of({"PATH": str(tmp_path)}, "x").partition(None)


@pytest.mark.parametrize(
    ("complaint", "remedy"),
    [
        ("sbatch: error: Invalid account or account/partition combination specified", "--account"),
        ("sbatch: error: Requested node configuration is not available", "ask for less"),
        ("sbatch: error: QOSMaxSubmitJobPerUserLimit", "ask for less"),
        ("sbatch: error: something else", "Look at --partition and --account, or ask for less."),
        ("sbatch: error: Unable to contact slurm controller", "Is Slurm up"),
    ],
)
def test_a_refusal_is_told_with_its_remedy(slurm: SlurmThatAnswers, complaint: str, remedy: str) -> None:
    """What Slurm said stands there, and what helps."""
    slurm.answer("sbatch", complaint=complaint, status=1)
    with pytest.raises(RunError) as caught:
        of(slurm).submit(REQUEST, 1, None, "x", ["true"])
    assert complaint in str(caught.value)
    assert remedy in str(caught.value)
