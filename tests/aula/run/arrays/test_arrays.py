"""Notebooks become arrays by what they ask for, and whatever interrupts a run cancels its jobs alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from aula.course import Resources
from aula.errors import RunError
from aula.run.arrays import follow, task
from aula.run.arrays.arrays import Arrays
from aula.run.job import Job
from aula.slurm import under_way
from tests.aula.slurm.slurm_double import SlurmThatAnswers

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def slurm(tmp_path: Path) -> SlurmThatAnswers:
    """A Slurm that answers."""
    return SlurmThatAnswers(tmp_path / "slurm")


@pytest.fixture
def jobs(tmp_path: Path) -> list[Job]:
    """Three notebooks, of which the last asks for more."""
    place = tmp_path / "place"
    place.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    small, large = Resources(cores=1, memory_gb=1.5), Resources(cores=8, memory_gb=64, minutes=90, gpus=2)
    one = Job("c", "lessons", "one", place, place, out / "executed/c/lessons/one.ipynb", 60, resources=small)
    return [one, replace(one, name="two", time_limit_s=300), replace(one, name="three", resources=large)]


def test_one_array_for_each_set_of_resources(
    slurm: SlurmThatAnswers, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebooks that ask for the same share an array; its wall time is enough for the longest of them."""
    found: list[follow.Array] = []
    monkeypatch.setattr(follow, "follow", lambda _queue, arrays, _note, _look: found.extend(arrays))
    told: list[str] = []
    Arrays(slurm.environment, "batch", "sme", 4, told.append).execute(jobs, None, lambda _: None, lambda _: None)
    assert [[job.name for job in array.jobs] for array in found] == [["one", "two"], ["three"]]
    first, second = (array.request for array in found)
    assert (first.memory, first.walltime, first.gpus, first.account) == ("2048M", "00:08:00", 0, "sme")
    assert (second.cores, second.walltime, second.gpus, second.partition) == (8, "01:30:00", 2, "batch")
    assert "--array=0-1%4" in slurm.calls("sbatch")[0]
    assert [order.job.name for order in task.read(found[0].folder)] == ["one", "two"]
    assert told[0].startswith("Slurm job 12: 2 notebooks in partition batch, each with cores 1")


def test_an_interrupted_run_cancels_its_jobs(
    slurm: SlurmThatAnswers, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C reaches Slurm, and leaves no word for the next run to act on."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(follow, "follow", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Arrays(slurm.environment, tell=lambda _: None).execute(jobs, None, lambda _: None, lambda _: None)
    submitted = {word for words in slurm.calls("sbatch") for word in words if word.startswith("--job-name=")}
    (cancelled,) = slurm.calls("scancel")
    assert len(submitted) == 1
    assert submitted.pop().replace("--job-name", "--name") in cancelled
    assert not (jobs[0].out / under_way.FILE).exists()


def test_the_next_run_cancels_what_a_killed_one_left(slurm: SlurmThatAnswers, tmp_path: Path) -> None:
    """A run that could not say goodbye has left its name; another name there is nobody's to cancel."""
    told: list[str] = []
    (tmp_path / under_way.FILE).write_text("aula-notebooks-abc\n")
    Arrays(slurm.environment, tell=told.append).prepare(tmp_path)
    assert "--name=aula-notebooks-abc" in slurm.calls("scancel")[0]
    assert "was cut off: its jobs are cancelled" in told[0]
    assert not (tmp_path / under_way.FILE).exists()
    (tmp_path / under_way.FILE).write_text("somebody-elses\n")
    Arrays(slurm.environment, tell=told.append).prepare(tmp_path)
    assert len(slurm.calls("scancel")) == 1


def test_nothing_of_an_earlier_run_goes_where_there_is_no_slurm(tmp_path: Path) -> None:
    """The look for a Slurm comes first."""
    with pytest.raises(RunError, match="no Slurm here"):
        Arrays({"PATH": str(tmp_path / "nothing")}).prepare(tmp_path)


def test_what_slurm_cannot_be_asked_for_is_an_error(slurm: SlurmThatAnswers, jobs: list[Job]) -> None:
    """A strange account is refused with the notebook that it is for, before anything is submitted."""
    with pytest.raises(RunError, match="c/lessons/one: Slurm cannot be asked for this: account"):
        Arrays(slurm.environment, account="a b").execute(jobs, None, lambda _: None, lambda _: None)
    assert slurm.calls("sbatch") == []
