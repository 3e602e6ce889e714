"""Reads what Slurm says of the tasks of job arrays: squeue of those that it remembers, sacct of all."""

import re
from dataclasses import dataclass

from aula_spawner.slurm import squeue
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.squeue import STATES, Job

Task = tuple[str, int]
"""The array's job id, and the task's number in it."""

FORMAT = f"%F|%K|{squeue.FORMAT}"
"""For `squeue --array --format`: the array's job id, the task's number, then what is asked of every job."""

ENDS = "JobID,State,ExitCode"
"""For `sacct --allocations --noheader --parsable2 --format`."""

_TASK = re.compile(r"([1-9][0-9]{0,9})_([0-9]{1,9})")
_EXIT = re.compile(r"[0-9]{1,3}:[0-9]{1,3}")


@dataclass(frozen=True)
class End:
    """How a task ended: its state, and where it is known its script's exit status and the signal that ended it."""

    state: str
    status: int | None = None
    signal: int = 0


def parse_tasks(output: str) -> dict[Task, Job]:
    """Return the tasks of arrays that `squeue --noheader --array --format=FORMAT` printed; other jobs are left out."""
    found = {}
    for line in output.split("\n"):
        if not line.strip():
            continue
        array, number, rest = (*line.split("|", 2), "", "")[:3]
        if number.strip() == "N/A":
            continue
        if not array.strip().isdecimal() or not number.strip().isdecimal():
            raise OutputError("squeue --array", line)
        found[array.strip(), int(number)] = squeue.parse_job(rest)
    return found


def parse_ends(output: str) -> dict[Task, End]:
    """Return how tasks of arrays ended, from what `sacct` printed in the format ENDS; what still runs is left out."""
    found = {}
    for line in output.split("\n"):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("|")]
        # `CANCELLED by 1000` is one of the states, and tasks that wait together are `12_[3-9]`.
        state = fields[1].partition(" ")[0] if len(fields) == 3 else ""
        if state not in STATES or not _EXIT.fullmatch(fields[2]):
            raise OutputError("sacct", line)
        task = _TASK.fullmatch(fields[0])
        if task and squeue.phase(state) is squeue.Phase.ENDED:
            status, signal = fields[2].split(":")
            found[task[1], int(task[2])] = End(state, int(status), int(signal))
    return found
