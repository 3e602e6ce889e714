"""Reads what sinfo says of nodes, and what they could take."""

from collections.abc import Iterable
from dataclasses import dataclass

from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import UNLIMITED_S, megabytes, seconds

FORMAT = "NodeHost:|,Partition:|,Available:|,Time:|,StateCompact:|,CPUsState:|,Memory:|,AllocMem:|,Gres:|,GresUsed:"
"""For `sinfo --Node --Format`: a line for each node in each of its partitions."""

_TAKES_JOBS = {"idle", "mix", "alloc", "comp"}


@dataclass(frozen=True)
class Node:
    """One node as a partition has it: what it has and what of that is free. Memory in MB, time in seconds."""

    name: str
    partition: str
    up: bool
    longest: int
    cores: int
    free_cores: int
    memory: int
    free_memory: int
    gpus: tuple[tuple[str, int], ...] = ()
    used_gpus: tuple[tuple[str, int], ...] = ()

    def could(self, request: Request) -> bool:
        """Whether it could take the server if nothing else ran on it."""
        return (
            self.cores >= request.cores
            and self.memory >= megabytes(request.memory)
            and _count(self.gpus, request.gpu_type) >= request.gpus
        )

    def can(self, request: Request) -> bool:
        """Whether it could take the server now."""
        gpus = _count(self.gpus, request.gpu_type) - _count(self.used_gpus, request.gpu_type)
        return (
            self.up
            and self.free_cores >= request.cores
            and self.free_memory >= megabytes(request.memory)
            and gpus >= request.gpus
        )


def parse_nodes(output: str) -> tuple[Node, ...]:
    """Return what `sinfo --noheader --Node --Format=FORMAT` printed."""
    return tuple(_node(line) for line in output.split("\n") if line.strip())


def longest(nodes: Iterable[Node], partition: str) -> int:
    """Return the time limit of a partition in seconds; without a limit where it is not known."""
    return next((node.longest for node in nodes if node.partition == partition), UNLIMITED_S)


def _node(line: str) -> Node:
    fields = [field.strip() for field in line.split("|")]
    try:
        name, partition, available, limit, state, cpus, memory, taken, gres, used = fields
        busy, idle, other, all_cores = (int(part) for part in cpus.split("/"))
        del busy, other
        return Node(
            name=name,
            partition=partition.removesuffix("*"),
            up=available == "up" and state in _TAKES_JOBS,
            longest=seconds(limit),
            cores=all_cores,
            free_cores=idle,
            memory=int(memory),
            free_memory=int(memory) - int(taken),
            gpus=_gpus(gres),
            used_gpus=_gpus(used),
        )
    except ValueError as error:
        raise OutputError("sinfo", line) from error


def _gpus(gres: str) -> tuple[tuple[str, int], ...]:
    """Return type and number of the GPUs in `gpu:a100:4(S:0-1),gpu:2`."""
    found = []
    for one in gres.split(","):
        words = one.partition("(")[0].split(":")
        if words[0] == "gpu" and words[-1].isdecimal():
            found.append((":".join(words[1:-1]), int(words[-1])))
    return tuple(found)


def _count(gpus: Iterable[tuple[str, int]], kind: str | None) -> int:
    return sum(number for one, number in gpus if kind in (None, one))
