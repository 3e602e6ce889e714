"""What the processes of a box use together, which no limit of the kernel's bounds without a control group."""

import os
import resource
from contextlib import suppress
from dataclasses import dataclass

PAGE = resource.getpagesize()
TICKS = os.sysconf("SC_CLK_TCK")
FIRST = "1"
"""The box's own process. Its memory is the zygote's; the time of orphans is among its children's."""
USED = slice(11, 15)  # of /proc/PID/stat behind the name: its own time and its children's, in user and in system mode


@dataclass(frozen=True)
class Usage:
    """Memory that is no file's, and processor time, of all processes that are there."""

    memory: int = 0
    cpu_s: float = 0.0


def own_memory() -> int:
    """Return the bytes of this process that are no file's."""
    proc = os.open("/proc", os.O_RDONLY)
    try:
        return _memory(proc, "self")
    finally:
        os.close(proc)


def now(proc: int, enough: int) -> Usage:
    """Return what the processes use that an open folder /proc shows.

    What they share counts for each of them, and is looked at closely only where that is more than enough.
    """
    memory, ticks = 0, 0
    names = [name for name in os.listdir(proc) if name.isdigit()]
    for name in names:
        with suppress(OSError, IndexError, ValueError):  # it may have ended
            ticks += sum(map(int, _read(proc, f"{name}/stat").rpartition(b")")[2].split()[USED]))
            memory += 0 if name == FIRST else _memory(proc, name)
    if memory > enough:
        memory = sum(_fair_memory(proc, name) for name in names if name != FIRST)
    return Usage(memory, ticks / TICKS)


def _memory(proc: int, name: str) -> int:
    resident, shared = _read(proc, f"{name}/statm").split()[1:3]
    return (int(resident) - int(shared)) * PAGE


def _fair_memory(proc: int, name: str) -> int:
    """Return a process's memory, of what it shares its part; all where the process does not let itself be seen."""
    try:
        lines = dict(line.split(b":") for line in _read(proc, f"{name}/smaps_rollup").splitlines()[1:])
        return int((lines.get(b"Pss_Anon") or lines[b"Pss"]).split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        with suppress(OSError, IndexError, ValueError):
            return _memory(proc, name)
    return 0


def _read(proc: int, path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY, dir_fd=proc)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
