"""Reads the lines of squeue that the spawner asks for, and sorts Slurm's job states into three phases."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from aula_spawner.slurm.errors import OutputError

FORMAT = "%A|%T|%B|%P|%Q|%S|%r"
"""Job id, state, first node, partition, priority, start, reason: no text here is the choice of a job's owner."""

_NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PARTITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_,-]{0,200}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
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
STATES = frozenset(_PHASE_OF)
"""Every state that a job can be in."""


@dataclass(frozen=True)
class Job:
    """One job as squeue sees it."""

    id: str
    state: str
    node: str | None
    reason: str | None
    partition: str = ""
    priority: int = 0
    starts: datetime | None = None
    """When a waiting job is expected to start, or when it started, by the clock of the cluster."""

    @property
    def phase(self) -> Phase:
        """The phase that the state belongs to."""
        return phase(self.state)


def phase(state: str) -> Phase:
    """Return the phase that a state belongs to."""
    return _PHASE_OF[state]


def parse_jobs(output: str) -> tuple[Job, ...]:
    """Return the jobs that `squeue --noheader --format=FORMAT` printed, in its order."""
    return tuple(parse_job(line) for line in output.split("\n") if line.strip())


def lines_by_job(output: str) -> dict[str, str]:
    """Return the lines of a long listing by job, unread: of thousands of jobs a hub knows few."""
    return {line.partition("|")[0].strip(): line for line in output.split("\n")}


def places_in_queue(lines: Iterable[str]) -> dict[str, int]:
    """Return each waiting job's place among those that wait in its partition; 1 is the next."""
    waiting = [
        (partition, -int(priority), int(job_id))
        for job_id, state, _, partition, priority, _ in (line.split("|", 5) for line in lines if line.count("|") >= 6)
        if state == "PENDING" and priority.isdecimal() and job_id.isdecimal()
    ]
    return {
        str(job_id): place
        for _, queue in groupby(sorted(waiting), key=itemgetter(0))
        for place, (_, _, job_id) in enumerate(queue, start=1)
    }


@lru_cache(maxsize=10_000)
def parse_job(line: str) -> Job:
    """Return the job of one line, often the same as before; a line that says anything unexpected is an error."""
    fields = [field.strip() for field in line.split("|", 6)]
    if len(fields) != 7:
        raise OutputError("squeue", line)
    job_id, state, node, partition, priority, starts, reason = fields
    known_node = node in _NO_NODE or _NODE.fullmatch(node)
    if not re.fullmatch(r"[1-9][0-9]{0,9}", job_id) or state not in _PHASE_OF or not known_node:
        raise OutputError("squeue", line)
    if not _PARTITION.fullmatch(partition) or not re.fullmatch(r"[0-9]{1,10}", priority):
        raise OutputError("squeue", line)
    return Job(
        id=job_id,
        state=state,
        node=None if node in _NO_NODE else node,
        reason=None if reason in {"", "None"} else reason,
        partition=partition,
        priority=int(priority),
        starts=_moment(starts),
    )


def _moment(text: str) -> datetime | None:
    """Return a moment; None where Slurm does not know it, and for what is no moment."""
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None
