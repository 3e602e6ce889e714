"""Reads what sbatch prints."""

import re
from datetime import datetime

from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.profile import Request

_WOULD_START = re.compile(r"to start at ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}) using")
_JOB_ID = re.compile(r"([1-9][0-9]{0,9})(;[A-Za-z0-9_.-]+)?")


def options(request: Request) -> tuple[str, ...]:
    """Return the options by which sbatch is asked for a server's place, one word each."""
    gpus = ":".join(("gpu", *([request.gpu_type] if request.gpu_type else []), str(request.gpus)))
    rest = {
        name: value for name in ("account", "qos", "reservation", "constraint") if (value := getattr(request, name))
    }
    return (
        f"--partition={request.partition}",
        "--nodes=1",
        "--ntasks=1",
        f"--cpus-per-task={request.cores}",
        f"--mem={request.memory}",
        f"--time={request.walltime}",
        *([f"--gres={gpus}"] if request.gpus else []),
        *(f"--{name}={value}" for name, value in rest.items()),
    )


def parse_job_id(output: str) -> str:
    """Return the job's id from `ID` or `ID;CLUSTER`; Slurm may print warnings on the lines before."""
    lines = output.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    match = _JOB_ID.fullmatch(lines[-1].strip()) if lines else None
    if match is None:
        raise OutputError("sbatch --parsable", output)
    return match[1]


def parse_expected_start(output: str) -> datetime:
    """Return when a job would start, from what `sbatch --test-only` prints, by the clock of the cluster."""
    match = _WOULD_START.search(output)
    if match is None:
        raise OutputError("sbatch --test-only", output)
    return datetime.fromisoformat(match[1])
