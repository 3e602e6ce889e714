"""`make bench BENCH=poll`: a hub looks at 500 running servers at once; a stand-in answers for Slurm.

Real spawner objects of both kinds, in one process each in turn: ours shares one squeue, batchspawner runs one through
sudo for each server. The stand-in answers at once, so what is measured is the hub's own work.
"""

import asyncio
import getpass
import logging
import os
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from aula_spawner.spawner import AulaSpawner
from batchspawner import SlurmSpawner
from jupyterhub import orm  # type: ignore[import-untyped]  # jupyterhub has no types
from jupyterhub.objects import Hub  # type: ignore[import-untyped]  # likewise
from jupyterhub.user import User  # type: ignore[import-untyped]  # likewise
from traitlets.config import Config

from deploy.progress import say
from tests.bench.report import OURS, Report

SERVERS, ROUNDS = 500, 5
PEER = "stock"
TICK_S = 0.005
STAND_IN = """#!/bin/sh
echo >>{folder}/processes
case $0 in
*/sudo) shift 3; exec "$@" ;;
esac
case "$*" in
*--format=*) cat {folder}/listing ;;
*) echo "RUNNING node1" ;;
esac
"""


@dataclass
class Contestant:
    """One kind of spawner, and what was measured of it."""

    spawners: list[SlurmSpawner]
    times: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    processes: list[int] = field(default_factory=list)
    right: bool = True


def benchmark() -> Report:
    """Look at all servers in turn with both; return the times in milliseconds."""
    logging.disable(logging.WARNING)  # each look would be noted, and each database
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        folder = stand_in(Path(name))
        contestants, idle = asyncio.run(compete(folder))
    ours, stock = contestants[OURS], contestants[PEER]
    return Report(
        name="poll",
        what=f"A hub looks at {SERVERS} running servers at once, a stand-in for Slurm answering: until all are known",
        unit="ms",
        samples={name: one.times for name, one in contestants.items()},
        checked=ours.right and stock.right,
        simulated=True,
        configuration={
            "simulated": "sudo and squeue: shell scripts that answer at once",
            "cores": os.cpu_count(),
            "event_loop_delay_p99_ms": {"idle": idle, OURS: worst(ours.delays), PEER: worst(stock.delays)},
            "processes": {OURS: max(ours.processes), PEER: max(stock.processes)},
        },
    )


def stand_in(folder: Path) -> Path:
    """Write the commands that stand in for Slurm's and for sudo."""
    (folder / "listing").write_text(
        "".join(f"{number}|RUNNING|node1|interactive|1|2026-01-01T00:00:00|None\n" for number in range(1, SERVERS + 1))
    )
    (folder / "processes").touch()
    for name in ("sudo", "squeue"):
        path = folder / name
        path.write_text(STAND_IN.format(folder=folder))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


async def compete(folder: Path) -> tuple[dict[str, Contestant], float]:
    """Let both look in turn, the first time to warm up; return them, and the loop's delay while nothing is done."""
    query = f"{folder}/squeue -h -j {{job_id}} -o '%T %B'"
    stock = {
        "exec_prefix": f"{folder}/sudo -E -u {{username}}",
        "batch_query_cmd": query,
    }
    config = Config(AulaSpawner={"slurm_bin": str(folder), "sudo": f"{folder}/sudo"}, SlurmSpawner=stock)
    contestants = {
        name: Contestant(servers(kind, config)) for name, kind in ((OURS, AulaSpawner), (PEER, SlurmSpawner))
    }
    idle: list[float] = []
    async with Ticker(idle):
        await asyncio.sleep(2)
    for turn in range(ROUNDS + 1):
        for name, one in contestants.items():
            await look(one, folder, counts=turn > 0)
            if turn:
                say(f"  round {turn} of {ROUNDS}   {name:<6} {one.times[-1]:8.1f} ms   {one.processes[-1]:4} processes")
            await asyncio.sleep(1)  # what a watcher saw is worth something for half a second
    return contestants, worst(idle)


def servers(kind: type[SlurmSpawner], config: Config) -> list[SlurmSpawner]:
    """Return the servers of one person, each of which has a job that runs; stock asks the system for the name."""
    database = orm.new_session_factory("sqlite:///:memory:")()
    person = orm.User(name=getpass.getuser())
    database.add(person)
    database.add_all(orm.Spawner(name=f"server-{number}", user=person) for number in range(1, SERVERS + 1))
    database.commit()
    user = User(person, {"config": config, "spawner_class": kind, "hub": Hub()}, database)
    found = [user.spawners[f"server-{number}"] for number in range(1, SERVERS + 1)]
    for number, spawner in enumerate(found, 1):
        spawner.job_id = str(number)
    return found


async def look(one: Contestant, folder: Path, *, counts: bool) -> None:
    """Poll all servers at once, and note what it took."""
    before = processes(folder)
    delays: list[float] = []
    async with Ticker(delays):
        began = time.perf_counter()
        answers = await asyncio.gather(*(spawner.poll() for spawner in one.spawners))
        took = 1000 * (time.perf_counter() - began)
    one.right = one.right and all(answer is None for answer in answers)
    if counts:
        one.times.append(took)
        one.delays += delays
        one.processes.append(processes(folder) - before)


class Ticker:
    """Notes by how much the event loop is late, every few milliseconds while the block lasts."""

    def __init__(self, delays: list[float]) -> None:
        self._delays = delays

    async def __aenter__(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._tick())
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        """Take one last look, and end."""
        await asyncio.sleep(TICK_S)
        self._task.cancel()

    async def _tick(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK_S)
            self._delays.append(1000 * (time.perf_counter() - before - TICK_S))


def worst(delays: list[float]) -> float:
    """Return the 99th percentile, in ms."""
    return round(quantiles(delays, n=100)[-1], 1) if len(delays) > 1 else round(delays[0], 1)


def processes(folder: Path) -> int:
    """Return how many commands were run."""
    return len((folder / "processes").read_text())
