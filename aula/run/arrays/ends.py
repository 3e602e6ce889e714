"""Why a task of Slurm left no result, in words."""

from aula_spawner.slurm.array import End
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import megabytes

from aula.run.job import Job, State

WORDS = {
    "OUT_OF_MEMORY": "it needed more memory than its {memory}: give it more under 'resources' in course.yml",
    "TIMEOUT": "it took longer than its {walltime} of wall time: raise 'minutes' under 'resources' in course.yml",
    "DEADLINE": "its deadline came before it could run to its end: run the command again",
    "NODE_FAIL": "its node failed: run the command again",
    "BOOT_FAIL": "its node did not start: run the command again",
    "PREEMPTED": "a job of more importance took its place: run the command again",
    "CANCELLED": "somebody cancelled it: run the command again",
    "REVOKED": "another cluster took it: run the command again",
    "FAILED": "its process ended by itself{how}",
    "COMPLETED": "it ended without a word, and without a result: do the nodes see the folder of --out?",
}
KILLS: frozenset[str] = frozenset({"OUT_OF_MEMORY", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "CANCELLED"})
"""States by which Slurm itself ended what it ran."""


def words(job: Job, request: Request, end: End | None, log: str | None) -> tuple[State, str]:
    """Return the state of the notebook's result, and what happened: Slurm's reason, and the end of the task's log."""
    if end is None:
        why = "Slurm no longer knows of it, nor does its accounting say how it ended: run the command again"
    else:
        memory = f"{megabytes(request.memory) / 1024:.3g} GB"
        said = WORDS[end.state].format(memory=memory, walltime=request.walltime, how=_how(end))
        why = f"{said} (Slurm: {end.state})"
    if log is None:
        tail = "\nIt wrote no log: do the nodes see the folder of --out?"
    else:
        tail = "\n".join(["", *(f"    | {line}" for line in log.strip().splitlines()[-10:])]) if log.strip() else ""
    return "timeout" if end and end.state == "TIMEOUT" else "error", f"{job.title}: its task died: {why}{tail}"


def addition(job: Job, request: Request, end: End | None) -> str:
    """Return what Slurm knows beyond a result of a failure: that it killed part of the task; '' where it did not."""
    if end is None or end.state not in KILLS:
        return ""
    return "\n" + words(job, request, end, "")[1].replace("its task died", "Slurm says of its task")


def _how(end: End) -> str:
    if end.signal:
        return f", by signal {end.signal}"
    return "" if end.status is None else f", with exit status {end.status}"
