"""Reads what `sacct --format=CPUTimeRAW` prints: the core-seconds of each job."""

from aula_spawner.slurm.errors import OutputError


def parse_core_seconds(output: str) -> int:
    """Return the core-seconds of all jobs together."""
    lines = output.split()
    if not all(line.isascii() and line.isdigit() for line in lines):
        raise OutputError("sacct", output)
    return sum(int(line) for line in lines)
