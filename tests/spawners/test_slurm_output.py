"""What Slurm prints, good and broken, row by row."""

import pytest
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.sbatch import parse_job_id
from aula_spawner.slurm.scontrol import parse_node_address
from aula_spawner.slurm.squeue import Job, Phase, parse_jobs


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
    ("line", "job", "phase"),
    [
        ("7|RUNNING|node1|None", Job("7", "RUNNING", "node1", None), Phase.RUNNING),
        ("7|PENDING||Resources", Job("7", "PENDING", None, "Resources"), Phase.WAITING),
        ("7|PENDING|n/a|(null)|x", Job("7", "PENDING", None, "(null)|x"), Phase.WAITING),
        ("7|CONFIGURING|a-b.c_1|None", Job("7", "CONFIGURING", "a-b.c_1", None), Phase.WAITING),
        ("7|COMPLETING|node1|None", Job("7", "COMPLETING", "node1", None), Phase.RUNNING),
        ("7|OUT_OF_MEMORY|node1|OutOfMemory", Job("7", "OUT_OF_MEMORY", "node1", "OutOfMemory"), Phase.ENDED),
        ("7|TIMEOUT|node1|TimeLimit", Job("7", "TIMEOUT", "node1", "TimeLimit"), Phase.ENDED),
        ("7|NODE_FAIL|node1|None", Job("7", "NODE_FAIL", "node1", None), Phase.ENDED),
    ],
)
def test_a_line_of_squeue_is_read(line: str, job: Job, phase: Phase) -> None:
    """Each state falls into one phase; places without a node or a reason are None."""
    assert parse_jobs(f"{line}\n\n") == (job,)
    assert job.phase is phase


@pytest.mark.parametrize(
    "output",
    [
        "garbage\n",
        "7|RUNNING|node1\n",
        "x|RUNNING|node1|None\n",
        "7|DANCING|node1|None\n",
        "7|RUNNING|$(id)|None\n",
        "7|RUNNING|-x|None\n",
        "7|running|node1|None\n",
        "7|RUNNING|node1|None\nslurm_load_jobs error: x\n",
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
