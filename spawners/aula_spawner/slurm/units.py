"""Slurm's own ways to write memory and time."""

import re

_MEGABYTES = {"M": 1, "G": 1024, "T": 1024 * 1024}
UNLIMITED_S = 2**31
"""What stands for a time without a limit, in seconds."""


def megabytes(memory: str) -> int:
    """Return a size such as 2G in MB."""
    return int(memory[:-1]) * _MEGABYTES[memory[-1]]


def spoken_size(memory: str) -> str:
    """Return a size such as 2G as people write it."""
    return f"{memory[:-1]} {memory[-1]}B"


def seconds(time: str) -> int:
    """Return Slurm's [days-]hours:minutes:seconds, minutes:seconds or minutes in seconds; 0 for what is none."""
    if time in ("infinite", "UNLIMITED", "n/a"):
        return UNLIMITED_S
    if not re.fullmatch(r"(\d+-)?\d+(:\d+){0,2}", time):
        return 0
    days, _, clock = time.rpartition("-")
    parts = [int(part) for part in clock.split(":")]
    if days:
        hours, minutes, rest = (*parts, 0, 0)[:3]
    else:
        hours, minutes, rest = {1: (0, *parts, 0), 2: (0, *parts)}.get(len(parts), tuple(parts))
    return ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + rest


def clock(length: int) -> str:
    """Return seconds as hours:minutes:seconds, with days before where there are any."""
    days, rest = divmod(length, 86400)
    hours, rest = divmod(rest, 3600)
    return (f"{days}-" if days else "") + f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
