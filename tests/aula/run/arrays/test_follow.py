"""Tasks that end, and tasks that die: each gets a result, in words."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from aula_spawner.slurm.array import End
from aula_spawner.slurm.profile import Request

from aula.course import Resources
from aula.run.arrays import ends, follow, task
from aula.run.arrays.follow import Array
from aula.run.job import Job, Result
from aula.slurm import tasks
from aula.slurm.queue import Queue
from tests.aula.slurm.slurm_double import SlurmThatAnswers

REQUEST = Request(partition="batch", cores=1, memory="1536M", walltime="00:05:00")


def job(folder: Path) -> Job:
    """Return a job that nobody executes."""
    executed = folder / "out/executed/small/lessons/one.ipynb"
    return Job("small", "lessons", "one", folder, folder, executed, 30, {"size": 7, "rate": 1.0}, "abc", Resources())


def follow_one(slurm: SlurmThatAnswers, folder: Path, result: Result | None = None, log: str = "") -> Result:
    """Follow an array of one task to its end."""
    if result:
        task.result_file(folder, 0).write_text(json.dumps(asdict(result)))
    task.log_file(folder, 0).write_text(log)
    found: list[Result] = []
    array = Array("12", folder, REQUEST, (job(folder),))
    follow.follow(Queue.of(slurm.environment, "x"), [array], found.append, lambda _: None)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SlurmThatAnswers:
    """A Slurm that remembers nothing any more, and little patience with it."""
    for name in ("LOOKS_S", "ASKS_S", "SETTLES_S", "SHOWS_S"):
        monkeypatch.setattr(tasks, name, 0.0)
    return SlurmThatAnswers(tmp_path / "slurm")


def test_orders_are_read_as_they_were_written(tmp_path: Path) -> None:
    """A job reaches its task whole: paths, parameters and their kinds, resources."""
    order = task.Order(job(tmp_path), "key", tmp_path / "kept")
    task.write([order], tmp_path)
    read = task.read(tmp_path)
    assert read == [order]
    assert [type(value) for value in read[0].job.parameters.values()] == [int, float]


def test_a_result_is_the_tasks_own(slurm: SlurmThatAnswers, tmp_path: Path) -> None:
    """What a task wrote is what is told."""
    clean = Result("small", "lessons/one", "ok", 1.5, "now", "n1", "3.11")
    assert follow_one(slurm, tmp_path, clean) == clean


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("OUT_OF_MEMORY|0:125", "error", "more memory than its 1.5 GB.*'resources'.*Slurm: OUT_OF_MEMORY"),
        ("TIMEOUT|0:0", "timeout", "longer than its 00:05:00 of wall time.*Slurm: TIMEOUT"),
        ("NODE_FAIL|1:0", "error", "its node failed.*Slurm: NODE_FAIL"),
        ("CANCELLED by 0|0:15", "error", "somebody cancelled it.*Slurm: CANCELLED"),
        ("FAILED|2:0", "error", "ended by itself, with exit status 2.*Slurm: FAILED"),
        ("FAILED|0:11", "error", "by signal 11"),
        ("COMPLETED|0:0", "error", "do the nodes see the folder"),
    ],
)
def test_a_death_is_told_with_slurms_reason(
    slurm: SlurmThatAnswers, tmp_path: Path, state: str, kind: str, words: str
) -> None:
    """A task without a result is a failure that names notebook, reason and remedy, and shows its last words."""
    slurm.answer("sacct", f"12_0|{state}\n")
    result = follow_one(slurm, tmp_path, log="ImportError: no aula\n")
    assert (result.state, result.title) == (kind, "small/lessons/one")
    assert re.search(f"small/lessons/one: its task died: .*{words}", result.error)
    assert "| ImportError: no aula" in result.error


def test_without_accounting_the_queue_knows(slurm: SlurmThatAnswers, tmp_path: Path) -> None:
    """Where sacct fails, what squeue still remembers is the reason."""
    slurm.answer("sacct", complaint="sacct: error: Slurm accounting storage is disabled", status=1)
    slurm.answer("squeue", "12|0|12|TIMEOUT|n1|batch|1|N/A|TimeLimit\n")
    result = follow_one(slurm, tmp_path)
    assert (result.state, result.host) == ("timeout", "n1")


def test_nobody_knows(slurm: SlurmThatAnswers, tmp_path: Path) -> None:
    """A task that Slurm has forgotten does not let anybody wait for ever."""
    assert "no longer knows" in follow_one(slurm, tmp_path).error


def test_a_kernel_that_slurm_killed_is_told_so(slurm: SlurmThatAnswers, tmp_path: Path) -> None:
    """A failure that the task itself reports gets Slurm's reason too: a dead kernel was short of memory."""
    slurm.answer("sacct", "12_0|OUT_OF_MEMORY|0:125\n")
    died = Result("small", "lessons/one", "error", 1.5, "now", "n1", "3.11", "cell 3: the kernel died")
    assert "the kernel died\nsmall/lessons/one: Slurm says" in follow_one(slurm, tmp_path, died).error


def test_a_mistake_in_a_notebook_is_not_slurms(tmp_path: Path) -> None:
    """Where Slurm ended nothing it has nothing to add."""
    assert ends.addition(job(tmp_path), REQUEST, End("COMPLETED", 0)) == ""
