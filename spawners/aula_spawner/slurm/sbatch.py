"""Reads what `sbatch --parsable` prints."""

import re

from aula_spawner.slurm.errors import OutputError

_JOB_ID = re.compile(r"([1-9][0-9]{0,9})(;[A-Za-z0-9_.-]+)?")


def parse_job_id(output: str) -> str:
    """Return the job's id from `ID` or `ID;CLUSTER`; Slurm may print warnings on the lines before."""
    lines = output.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    match = _JOB_ID.fullmatch(lines[-1].strip()) if lines else None
    if match is None:
        raise OutputError("sbatch --parsable", output)
    return match[1]
