"""Why a task of Slurm left no result, in words."""

from aula_spawner.slurm.array import End
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import megabytes

WORDS = {
    "OUT_OF_MEMORY": "it needed more memory than its {memory}",
    "TIMEOUT": "it took longer than its {walltime} of wall time",
    "DEADLINE": "its deadline came before it could run to its end",
    "NODE_FAIL": "its node failed",
    "BOOT_FAIL": "its node did not start",
    "PREEMPTED": "a job of more importance took its place",
    "CANCELLED": "somebody cancelled it",
    "REVOKED": "another cluster took it",
    "FAILED": "its process ended by itself{how}",
    "COMPLETED": "it ended without a word, and without a result",
}


def words(request: Request, end: End, remedy: str = "") -> str:
    """Return what happened, then a remedy, and Slurm's own word for it."""
    memory = f"{megabytes(request.memory) / 1024:.3g} GB"
    said = WORDS[end.state].format(memory=memory, walltime=request.walltime, how=_how(end))
    return f"{said}{remedy} (Slurm: {end.state})"


def tail(log: str) -> str:
    """Return the end of a task's log, as it is shown below its reason."""
    return "\n".join(["", *(f"    | {line}" for line in log.strip().splitlines()[-10:])]) if log.strip() else ""


def _how(end: End) -> str:
    if end.signal:
        return f", by signal {end.signal}"
    return "" if end.status is None else f", with exit status {end.status}"
