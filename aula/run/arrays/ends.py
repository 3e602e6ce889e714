"""Why a task of Slurm left no result of its notebook, in words."""

from aula_spawner.slurm.array import End
from aula_spawner.slurm.profile import Request

from aula.run.job import Job, State
from aula.slurm import ends

AGAIN = ": run the command again"
REMEDIES = {
    "OUT_OF_MEMORY": ": give it more under 'resources' in course.yml",
    "TIMEOUT": ": raise 'minutes' under 'resources' in course.yml",
    "FAILED": "",
    "COMPLETED": ": do the nodes see the folder of --out?",
}
KILLS: frozenset[str] = frozenset({"OUT_OF_MEMORY", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "CANCELLED"})
"""States by which Slurm itself ended what it ran."""


def words(job: Job, request: Request, end: End | None, log: str | None) -> tuple[State, str]:
    """Return the state of the notebook's result, and what happened: Slurm's reason, and the end of the task's log."""
    if end is None:
        why = f"Slurm no longer knows of it, nor does its accounting say how it ended{AGAIN}"
    else:
        why = ends.words(request, end, REMEDIES.get(end.state, AGAIN))
    tail = "\nIt wrote no log: do the nodes see the folder of --out?" if log is None else ends.tail(log)
    return "timeout" if end and end.state == "TIMEOUT" else "error", f"{job.title}: its task died: {why}{tail}"


def addition(job: Job, request: Request, end: End | None) -> str:
    """Return what Slurm knows beyond a result of a failure: that it killed part of the task; '' where it did not."""
    if end is None or end.state not in KILLS:
        return ""
    return "\n" + words(job, request, end, "")[1].replace("its task died", "Slurm says of its task")
