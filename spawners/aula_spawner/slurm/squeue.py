"""Reads the lines of squeue that the spawner asks for, and sorts Slurm's job states into three phases."""

import re
from dataclasses import dataclass
from enum import Enum

from aula_spawner.slurm.errors import OutputError

FORMAT = "%A|%T|%B|%r"
"""Job id, state, first node, reason: no field here holds text that the owner of a job can choose."""

_NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NO_NODE = {"", "n/a", "N/A", "(null)", "None assigned"}


class Phase(Enum):
    """Where a job is on its way, as far as a waiting person cares."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


_PHASES = {
    Phase.WAITING: {
        "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT",
    },
    Phase.RUNNING: {
        "RUNNING", "COMPLETING", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED", "SUSPENDED",
    },
    Phase.ENDED: {
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
        "PREEMPTED", "REVOKED", "TIMEOUT",
    },
}  # fmt: skip
_PHASE_OF = {state: phase for phase, states in _PHASES.items() for state in states}


@dataclass(frozen=True)
class Job:
    """One job as squeue sees it."""

    id: str
    state: str
    node: str | None
    reason: str | None

    @property
    def phase(self) -> Phase:
        """The phase that the state belongs to."""
        return _PHASE_OF[self.state]


def parse_jobs(output: str) -> tuple[Job, ...]:
    """Return the jobs that `squeue --noheader --format=FORMAT` printed, in its order."""
    return tuple(parse_job(line) for line in output.split("\n") if line.strip())


def lines_by_job(output: str) -> dict[str, str]:
    """Return the lines of a long listing by job, unread: of thousands of jobs a hub knows few."""
    return {line.partition("|")[0].strip(): line for line in output.split("\n")}


def parse_job(line: str) -> Job:
    """Return the job of one line; a line that says anything unexpected is an error."""
    fields = [field.strip() for field in line.split("|", 3)]
    if len(fields) != 4:
        raise OutputError("squeue", line)
    job_id, state, node, reason = fields
    known_node = node in _NO_NODE or _NODE.fullmatch(node)
    if not re.fullmatch(r"[1-9][0-9]{0,9}", job_id) or state not in _PHASE_OF or not known_node:
        raise OutputError("squeue", line)
    return Job(
        id=job_id,
        state=state,
        node=None if node in _NO_NODE else node,
        reason=None if reason in {"", "None"} else reason,
    )
