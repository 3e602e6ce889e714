"""What Slurm prints, good and broken, row by row."""

from datetime import datetime

import pytest
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.nodes import parse_addresses
from aula_spawner.slurm.sbatch import parse_job_id
from aula_spawner.slurm.scontrol import parse_node_address
from aula_spawner.slurm.squeue import Job, Phase, parse_jobs, places_in_queue


@pytest.mark.parametrize(
    ("output", "job_id"),
    [
        ("12\n", "12"),
        ("12;aula\n", "12"),
        ("sbatch: warning: something\n1234567890\n\n", "1234567890"),
    ],
)
def test_a_job_id_is_read(output: str, job_id: str) -> None:
    """The id is on the last line, with or without the cluster's name."""
    assert parse_job_id(output) == job_id


@pytest.mark.parametrize(
    "output",
    ["", "\n\n", "Submitted batch job 12\n", "0\n", "-1\n", "12 13\n", "12;a;b\n",
     "12\nsbatch: error: x\n", "\uff11\uff12\n",
     "12; id\n", "99999999999\n"],
)  # fmt: skip
def test_a_broken_job_id_is_an_error(output: str) -> None:
    """Anything that is not exactly an id is an error that shows what was printed."""
    with pytest.raises(OutputError, match="sbatch"):
        parse_job_id(output)


@pytest.mark.parametrize(
    ("state", "node", "reason", "known", "phase"),
    [
        ("RUNNING", "node1", "None", ("node1", None), Phase.RUNNING),
        ("PENDING", "", "Resources", (None, "Resources"), Phase.WAITING),
        ("PENDING", "n/a", "(null)|x", (None, "(null)|x"), Phase.WAITING),
        ("CONFIGURING", "a-b.c_1", "None", ("a-b.c_1", None), Phase.WAITING),
        ("COMPLETING", "node1", "None", ("node1", None), Phase.RUNNING),
        ("OUT_OF_MEMORY", "node1", "OutOfMemory", ("node1", "OutOfMemory"), Phase.ENDED),
        ("TIMEOUT", "node1", "TimeLimit", ("node1", "TimeLimit"), Phase.ENDED),
        ("NODE_FAIL", "node1", "None", ("node1", None), Phase.ENDED),
    ],
)
def test_a_line_of_squeue_is_read(
    state: str, node: str, reason: str, known: tuple[str | None, str | None], phase: Phase
) -> None:
    """Each state falls into one phase; places without a node or a reason are None."""
    job = Job("7", state, *known, partition="gpu-a", priority=4294, starts=datetime(2026, 11, 25, 14, 5))
    assert parse_jobs(f"7|{state}|{node}|gpu-a|4294|2026-11-25T14:05:00|{reason}\n\n") == (job,)
    assert job.phase is phase


@pytest.mark.parametrize("starts", ["N/A", "", "Unknown", "2026-13-45T99:00:00", "tomorrow"])
def test_a_start_that_slurm_does_not_know_is_none(starts: str) -> None:
    """Without an estimate there is none; nonsense is no estimate."""
    (job,) = parse_jobs(f"7|PENDING||interactive|100|{starts}|Priority\n")
    assert job.starts is None


def test_the_place_in_the_queue_is_counted() -> None:
    """Before a job are those of its partition that wait with a higher priority, or that came first with the same."""
    lines = [
        "1|RUNNING|node1|interactive|900|N/A|None",
        "2|PENDING||interactive|300|N/A|Resources",
        "3|PENDING||batch|900|N/A|Resources",
        "4|PENDING||interactive|200|N/A|Priority",
        "6|PENDING||interactive|200|N/A|Priority",
        "7|PENDING||interactive|200|N/A|Priority",
        "8|PENDING||interactive|100|N/A|Priority",
        "not a job",
        "",
    ]
    assert places_in_queue(lines) == {"2": 1, "4": 2, "6": 3, "7": 4, "8": 5, "3": 1}


@pytest.mark.parametrize(
    "output",
    [
        "garbage\n",
        "7|RUNNING|node1\n",
        "7|RUNNING|node1|None\n",
        "7|RUNNING|node1|$(id)|100|N/A|None\n",
        "7|RUNNING|node1|interactive|-1|N/A|None\n",
        "x|RUNNING|node1|interactive|100|N/A|None\n",
        "7|DANCING|node1|interactive|100|N/A|None\n",
        "7|RUNNING|$(id)|interactive|100|N/A|None\n",
        "7|RUNNING|-x|interactive|100|N/A|None\n",
        "7|running|node1|interactive|100|N/A|None\n",
        "7|RUNNING|node1|interactive|100|N/A|None\nslurm_load_jobs error: x\n",
    ],
)
def test_a_broken_line_of_squeue_is_an_error(output: str) -> None:
    """One unreadable line makes the whole answer unreadable: half an answer could hide a job."""
    with pytest.raises(OutputError, match="squeue"):
        parse_jobs(output)


def test_an_empty_answer_has_no_jobs() -> None:
    """squeue prints nothing for a person without jobs."""
    assert parse_jobs("") == ()


def test_a_node_address_is_read() -> None:
    """The address is taken from the record of the node that was asked for."""
    shown = "NodeName=node1 Arch=x86_64 NodeAddr=10.77.0.11 NodeHostName=node1 OS=Linux 6.1 #1 SMP State=IDLE\n"
    assert parse_node_address(shown, "node1") == "10.77.0.11"


@pytest.mark.parametrize(
    "output",
    ["", "Node node1 not found\n", "NodeName=node2 NodeAddr=10.0.0.1", "NodeName=node1", "NodeName=node1 NodeAddr=",
     "NodeName=node1 NodeAddr=a;b", "NodeName=node1 NodeAddr=http://x/"],
)  # fmt: skip
def test_a_broken_node_is_an_error(output: str) -> None:
    """A missing, foreign or strange address is an error."""
    with pytest.raises(OutputError, match="scontrol"):
        parse_node_address(output, "node1")


def test_addresses_of_nodes_are_read() -> None:
    """Each node's address is there once, though it is in several partitions; anything else is an error."""
    assert parse_addresses("10.0.0.1\n10.0.0.1\n node2 \n\n") == ("10.0.0.1", "node2")
    for output in ("$(id)\n", "10.0.0.1 10.0.0.2\n", "-x\n", "sinfo: error: x\n"):
        with pytest.raises(OutputError, match="sinfo"):
            parse_addresses(output)
