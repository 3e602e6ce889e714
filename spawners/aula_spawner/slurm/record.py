"""Reads the accounting record of one job, with its steps, as sacct prints it."""

import re
from dataclasses import dataclass, replace

from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.squeue import STATES, Phase, phase

FORMAT = "JobID,State,ExitCode,ElapsedRaw,NNodes,AllocCPUS,NTasks,MaxRSS"
"""For `sacct --noheader --parsable2 --noconvert --format`: no text here is the choice of a job's owner."""

_ID = re.compile(r"(?P<job>[1-9][0-9]{0,9})(\.(?P<step>[0-9]{1,6}|batch|extern|interactive))?")
_EXIT = re.compile(r"(?P<status>[0-9]{1,3}):(?P<signal>[0-9]{1,3})|")  # nothing: it was cancelled before it ended
_MEMORY = re.compile(r"([0-9]+(?:\.[0-9]+)?)([KMGT]?)")
_MEGABYTES = {"": 1 / 1024**2, "K": 1 / 1024, "M": 1, "G": 1024, "T": 1024**2}


@dataclass(frozen=True)
class Step:
    """What a part of a job used: `tasks` is 0 and `memory_mb` 0.0 where the accounting does not say."""

    name: str
    """Its number, as `0`, for what srun started; `batch` for the script itself."""
    state: str
    tasks: int
    nodes: int
    memory_mb: float
    """The most memory that a task of it was seen with."""


@dataclass(frozen=True)
class Record:
    """What a job was and used."""

    state: str
    exit_code: int
    signal: int
    seconds: int
    nodes: int
    cores: int
    steps: tuple[Step, ...] = ()


def parse_record(output: str, job: str) -> Record | None:
    """Return the record of a job; None while the accounting has none of its end."""
    found: Record | None = None
    steps = []
    for line in output.split("\n"):
        if not line.strip():
            continue
        fields = line.split("|")
        ident = _ID.fullmatch(fields[0])
        if len(fields) != 8 or ident is None or ident["job"] != job:
            raise OutputError("sacct", line)
        state = fields[1].partition(" ")[0]  # `CANCELLED by 1000` is one of the states
        end = _EXIT.fullmatch(fields[2])
        if state not in STATES or end is None:
            raise OutputError("sacct", line)
        if ident["step"]:
            memory = _memory(fields[7], line)
            steps.append(Step(ident["step"], state, _number(fields[6], line), _number(fields[4], line), memory))
        else:
            status, signal = int(end["status"] or 0), int(end["signal"] or 0)
            seconds, nodes, cores = (_number(one, line) for one in fields[3:6])
            found = Record(state, status, signal, seconds, nodes, cores)
    if found is None or phase(found.state) is not Phase.ENDED:
        return None
    return replace(found, steps=tuple(steps))


def _number(text: str, line: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise OutputError("sacct", line)
    return int(text or 0)


def _memory(text: str, line: str) -> float:
    match = _MEMORY.fullmatch(text or "0")
    if match is None:
        raise OutputError("sacct", line)
    return round(float(match[1]) * _MEGABYTES[match[2]], 3)
