"""The accounting record of one job, good and broken, row by row."""

import pytest
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.record import Record, Step, parse_record

WHOLE = """\
12|COMPLETED|0:0|7|2|4||
12.batch|COMPLETED|0:0|7|1|2|1|2048K
12.0|COMPLETED|0:0|5|2|4|4|1.50M
"""


def test_a_record_has_its_steps() -> None:
    """A job's nodes, cores and seconds come from its own line, tasks and memory from those of its steps."""
    steps = (Step("batch", "COMPLETED", 1, 1, 2.0), Step("0", "COMPLETED", 4, 2, 1.5))
    assert parse_record(WHOLE, "12") == Record("COMPLETED", 0, 0, 7, 2, 4, steps)


@pytest.mark.parametrize(
    ("line", "state", "status", "signal"),
    [
        ("12|FAILED|3:0|7|2|4||", "FAILED", 3, 0),
        ("12|CANCELLED by 1000|0:15|7|2|4||", "CANCELLED", 0, 15),
        ("12|CANCELLED by 1000||7|2|4||\n12.batch|CANCELLED||1|1|3|1|", "CANCELLED", 0, 0),
        ("12|OUT_OF_MEMORY|0:125|7|2|4||", "OUT_OF_MEMORY", 0, 125),
    ],
)
def test_how_it_ended_is_read(line: str, state: str, status: int, signal: int) -> None:
    """The state is one word, the exit status and the signal are two numbers."""
    found = parse_record(line, "12")
    assert found is not None
    assert (found.state, found.exit_code, found.signal) == (state, status, signal)


@pytest.mark.parametrize(
    "output", ["", "12|RUNNING|0:0|7|2|4||\n12.0|COMPLETED|0:0|7|2|4|4|1K", "12.0|FAILED|1:0|7|2|4||"]
)
def test_what_has_not_ended_has_no_record(output: str) -> None:
    """A job that runs, or that the accounting does not know yet, has none."""
    assert parse_record(output, "12") is None


@pytest.mark.parametrize(
    "line",
    [
        "13|COMPLETED|0:0|7|2|4||",
        "12|ASLEEP|0:0|7|2|4||",
        "12|COMPLETED|0|7|2|4||",
        "12|COMPLETED|0:0|seven|2|4||",
        "12|COMPLETED|0:0|7|2|4|",
        "12.0|COMPLETED|0:0|7|2|4|4|much",
        "sacct: error: no database",
    ],
)
def test_what_sacct_never_says_is_an_error(line: str) -> None:
    """Another job's line, another state or a broken number is not taken for a record."""
    with pytest.raises(OutputError, match="sacct"):
        parse_record(line, "12")
