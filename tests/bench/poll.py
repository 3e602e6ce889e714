"""`make bench BENCH=poll`: a hub looks at 500 running servers at once; BENCH=poll-cluster: at 50 of a real Slurm.

Real spawner objects of both kinds, in one process each in turn: ours shares one squeue, batchspawner runs one through
sudo for each server. A stand-in for Slurm answers at once, so that what is measured is the hub's own work.
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
from tests.classroom import Classroom
from tests.integration.person import wait_for

SERVERS, ROUNDS = 500, 5
PEER = "stock"
TICK_S = 0.005
STAND_IN = """#!/bin/sh
echo >>{folder}/processes
case $0 in
*/sudo) shift 3; exec "$@" ;;
esac
{answer}
"""
AT_ONCE = """case "$*" in
*--format=*) cat {folder}/listing ;;
*) echo "RUNNING node1" ;;
esac"""
ON_CLUSTER = 50


@dataclass
class Contestant:
    """One kind of spawner, and what was measured of it."""

    spawners: list[SlurmSpawner]
    times: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    processes: list[int] = field(default_factory=list)
    right: bool = True


def benchmark() -> Report:
    """Look at 500 servers in turn with both, where nothing but the hub's own work takes time."""
    jobs = [str(number) for number in range(1, SERVERS + 1)]
    listing = "".join(f"{job}|RUNNING|node1|interactive|1|2026-01-01T00:00:00|None\n" for job in jobs)
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        folder = Path(name)
        (folder / "listing").write_text(listing)
        return measured("poll", jobs, folder, AT_ONCE.format(folder=folder), simulated=True)


def benchmark_on(classroom: Classroom) -> Report:
    """Look in turn with both at fifty jobs that run on a real Slurm."""
    site = classroom.cluster.site
    words = ("sbatch", "--parsable", f"--partition={site.slurm.interactive}", "--mem=32M", "--time=10", "--chdir=/")
    jobs = [classroom.slurm(*words, "--output=/dev/null", "--wrap=sleep 500").strip() for _ in range(ON_CLUSTER)]
    os.environ.update(site.slurm.environment)
    try:
        for job in jobs:
            wait_for(lambda job=job: "RUNNING" in classroom.slurm("squeue", f"--jobs={job}", "--format=%T"), "it runs")
        with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
            answer = f'exec {site.slurm.commands}/squeue "$@"'
            return measured("poll-cluster", jobs, Path(name), answer, simulated=False)
    finally:
        classroom.slurm("scancel", *jobs)


def measured(name: str, jobs: list[str], folder: Path, answer: str, *, simulated: bool) -> Report:
    """Look at the jobs in turn with both; return the times in milliseconds."""
    logging.disable(logging.WARNING)  # each look would be noted, and each database
    stand_in(folder, answer)
    contestants, idle = asyncio.run(compete(folder, jobs))
    ours, stock = contestants[OURS], contestants[PEER]
    what = "a stand-in for Slurm answering" if simulated else "on a real Slurm"
    return Report(
        name=name,
        what=f"A hub looks at {len(jobs)} running servers at once, {what}: until all are known",
        unit="ms",
        samples={name: one.times for name, one in contestants.items()},
        checked=ours.right and stock.right,
        simulated=simulated,
        configuration={
            "simulated": "sudo and squeue: shell scripts that answer at once" if simulated else "nothing but sudo",
            "cores": os.cpu_count(),
            "event_loop_delay_p99_ms": {"idle": idle, OURS: worst(ours.delays), PEER: worst(stock.delays)},
            "processes": {OURS: max(ours.processes), PEER: max(stock.processes)},
        },
    )


def stand_in(folder: Path, answer: str) -> None:
    """Write the commands that count how often they are run, and then answer."""
    (folder / "processes").touch()
    for name in ("sudo", "squeue"):
        path = folder / name
        path.write_text(STAND_IN.format(folder=folder, answer=answer))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


async def compete(folder: Path, jobs: list[str]) -> tuple[dict[str, Contestant], float]:
    """Let both look in turn, the first time to warm up; return them, and the loop's delay while nothing is done."""
    query = f"{folder}/squeue -h -j {{job_id}} -o '%T %B'"
    stock = {
        "exec_prefix": f"{folder}/sudo -E -u {{username}}",
        "batch_query_cmd": query,
    }
    config = Config(AulaSpawner={"slurm_bin": str(folder), "sudo": f"{folder}/sudo"}, SlurmSpawner=stock)
    contestants = {
        name: Contestant(servers(kind, config, jobs)) for name, kind in ((OURS, AulaSpawner), (PEER, SlurmSpawner))
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


def servers(kind: type[SlurmSpawner], config: Config, jobs: list[str]) -> list[SlurmSpawner]:
    """Return the servers of one person, each with one of these jobs; stock asks the system for the name."""
    database = orm.new_session_factory("sqlite:///:memory:")()
    person = orm.User(name=getpass.getuser())
    database.add(person)
    database.add_all(orm.Spawner(name=f"server-{job}", user=person) for job in jobs)
    database.commit()
    user = User(person, {"config": config, "spawner_class": kind, "hub": Hub()}, database)
    found = [user.spawners[f"server-{job}"] for job in jobs]
    for job, spawner in zip(jobs, found, strict=True):
        spawner.job_id = job
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
