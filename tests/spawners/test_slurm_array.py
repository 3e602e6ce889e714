"""What Slurm prints of job arrays, good and broken, row by row."""

import pytest
from aula_spawner.slurm.array import End, parse_ends, parse_tasks
from aula_spawner.slurm.errors import OutputError

RUNS = "12|0|12|RUNNING|n1|batch|100|2026-11-28T09:00:00|None"
WAITS = "12|1|13|PENDING|n/a|batch|100|N/A|Resources"


def test_tasks_are_read_by_array_and_number() -> None:
    """Each task of an array has a state, a node and a reason of its own; what is no task is left out."""
    found = parse_tasks(f"{RUNS}\n{WAITS}\n7|N/A|7|RUNNING|n2|batch|1|N/A|None\n")
    told = {task: (job.state, job.node, job.reason) for task, job in found.items()}
    assert told == {("12", 0): ("RUNNING", "n1", None), ("12", 1): ("PENDING", None, "Resources")}


@pytest.mark.parametrize("line", ["12", "x|0" + RUNS[4:], "12|x" + RUNS[4:], RUNS.replace("RUNNING", "SLEEPING")])
def test_a_broken_task_is_an_error(line: str) -> None:
    """What squeue never says is not taken for a task."""
    with pytest.raises(OutputError, match="squeue"):
        parse_tasks(line)


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("12_3|COMPLETED|0:0", End("COMPLETED", 0, 0)),
        ("12_3|FAILED|2:0", End("FAILED", 2, 0)),
        ("12_3|OUT_OF_MEMORY|0:125", End("OUT_OF_MEMORY", 0, 125)),
        ("12_3|CANCELLED by 1000|0:15", End("CANCELLED", 0, 15)),
        ("12_3|NODE_FAIL|1:0", End("NODE_FAIL", 1, 0)),
    ],
)
def test_an_end_is_read(line: str, end: End) -> None:
    """The accounting says how a task ended, also who cancelled it."""
    assert parse_ends(f"{line}\n") == {("12", 3): end}


@pytest.mark.parametrize("line", ["", "12_3|RUNNING|0:0", "12_[4-9%2]|PENDING|0:0", "12|COMPLETED|0:0"])
def test_what_has_not_ended_is_left_out(line: str) -> None:
    """A task that runs or waits has no end yet, and a job without tasks is not ours."""
    assert parse_ends(line) == {}


@pytest.mark.parametrize("line", ["12_3", "12_3|COMPLETED", "12_3|BORED|0:0", "12_3|FAILED|x", "12_3||0:0"])
def test_a_broken_end_is_an_error(line: str) -> None:
    """What sacct never says is not taken for an end."""
    with pytest.raises(OutputError, match="sacct"):
        parse_ends(line)
