"""Jobs under way are cancelled by whatever interrupts them, also where nobody reads of it any more."""

import signal
from pathlib import Path

import pytest

from aula.errors import RunError
from aula.slurm.queue import Queue
from aula.slurm.under_way import FILE, end_earlier, under_way
from tests.aula.slurm.slurm_double import SlurmThatAnswers


@pytest.fixture
def slurm(tmp_path: Path) -> SlurmThatAnswers:
    """A Slurm that answers."""
    return SlurmThatAnswers(tmp_path / "slurm")


@pytest.fixture
def queue(slurm: SlurmThatAnswers) -> Queue:
    """The jobs of a name."""
    return Queue.of(slurm.environment, "mine-1")


def test_who_no_longer_reads_leaves_no_job(tmp_path: Path, slurm: SlurmThatAnswers, queue: Queue) -> None:
    """A command whose output is read by nobody, as behind `| head`, cancels its jobs all the same."""

    def closed(_: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError), under_way(queue, tmp_path, closed):
        closed("submitted")
    assert not (tmp_path / FILE).exists()
    assert "--name=mine-1" in slurm.calls("scancel")[0]


def test_requests_to_end_are_answered_as_before_when_the_jobs_are_gone(tmp_path: Path, queue: Queue) -> None:
    """What was set for Ctrl-C before is set again after."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), under_way(queue, tmp_path, print):
        raise KeyboardInterrupt
    assert signal.getsignal(signal.SIGINT) is before is not signal.SIG_IGN


def test_a_name_that_somebody_else_could_have_written_is_no_name(tmp_path: Path, queue: Queue) -> None:
    """A link is not followed, and it stays for who looks into it."""
    (tmp_path / "other").write_text("mine-2\n")
    (tmp_path / FILE).symlink_to(tmp_path / "other")
    with pytest.raises(RunError, match=FILE):
        end_earlier(queue, tmp_path, "mine", print)
    assert (tmp_path / FILE).is_symlink()
