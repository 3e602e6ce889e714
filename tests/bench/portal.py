"""`make bench BENCH=portal`: 200 people of 2,000 open My courses at the same moment; 100 runs; SQLite and PostgreSQL.

The portal is a process of its own, as in a class. The hub is simulated: it only knows people by their tokens, and
counts how often it is asked. The time is the server's own, from the request's arrival until the answer is out, waiting
for others included.
"""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import aiohttp
import requests

from aula.people import companies, enrolments, persons, runs
from aula.people.database import Database
from deploy.progress import say
from tests.aula.people.postgresql import server
from tests.aula.web.portal.answering_hub import token_of
from tests.aula.web.portal.class_of_many import OUTLINE
from tests.bench.report import OURS, Report

PEOPLE, RUNS, AT_ONCE, ROUNDS = 2000, 100, 200, 5
RUNS_OF_EACH = 3
POSTGRESQL = "aula-on-postgresql"
TOOK = re.compile(r"200 GET / ([0-9.]+) ms")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measured:
    """What one kind of database led to."""

    times: list[float]
    calls: float
    right: bool
    alone: float


def benchmark() -> Report:
    """Open My courses on both databases and return the server's times in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as folder, server() as postgresql:
        measured = {
            OURS: measure("SQLite", f"sqlite:///{folder}/people.sqlite"),
            POSTGRESQL: measure("PostgreSQL", postgresql),
        }
    return Report(
        name="portal",
        what=f"My courses, opened by {AT_ONCE} of {PEOPLE} people at once, {RUNS} runs: the server's time",
        unit="ms",
        samples={name: one.times for name, one in measured.items()},
        checked=all(one.right and one.calls <= 1 for one in measured.values()),
        simulated=True,
        configuration={
            "simulated": "the hub: it answers only who has a token, as fast as it can",
            "cores": os.cpu_count(),
            "rounds": ROUNDS,
            **{
                name: {
                    "median_ms": round(median(one.times), 1),
                    "worst_ms": round(max(one.times), 1),
                    "alone_ms": round(one.alone, 1),
                    "hub_calls_a_page": one.calls,
                }
                for name, one in measured.items()
            },
        },
    )


def measure(what: str, address: str) -> Measured:
    """Fill a database, start hub and portal on it, and let people come in rounds; the first does not count."""
    database = Database(address)
    database.upgrade()
    names = fill(database)
    database.close()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aula-bench-")))
        api = stack.enter_context(hub())
        url, log = stack.enter_context(portal(api, address, folder))
        right, times, calls = True, list[float](), 0
        for turn in range(ROUNDS + 1):
            requests.get(f"{api}/asked", timeout=30)
            before = len(TOOK.findall(log.read_text()))
            who = [names[(turn * 317 + number * 7) % PEOPLE] for number in range(AT_ONCE)]
            right = asyncio.run(crowd(url, who)) and right
            new = [float(one) for one in TOOK.findall(log.read_text())[before:]]
            if turn:
                times += new
                calls += int(requests.get(f"{api}/asked", timeout=30).json()["asked"])
                say(f"  {what}: round {turn} of {ROUNDS}   median {median(new):6.1f} ms   worst {max(new):6.1f} ms")
            time.sleep(4)  # the hub's word about a token counts for 3 s
        before = len(TOOK.findall(log.read_text()))
        for name in names[:20]:
            right = asyncio.run(crowd(url, [name])) and right
        alone = median([float(one) for one in TOOK.findall(log.read_text())[before:]])
    return Measured(times, calls / (ROUNDS * AT_ONCE), right and len(times) == ROUNDS * AT_ONCE, alone)


def fill(database: Database) -> list[str]:
    """Write people, companies and runs, and enrol everybody; return the people's names."""
    first = date.today() - timedelta(days=3)
    with database.session() as session:
        staff = [companies.add(session, f"company-{number}", f"Company {number}") for number in range(50)]
        given = [
            runs.create(
                session,
                f"run-{number}",
                course="hpc-and-slurm",
                title=f"HPC and Slurm {number}",
                first_day=first,
                last_day=first + timedelta(days=25),
                zone="Europe/Lisbon",
                outline=OUTLINE,
            )
            for number in range(RUNS)
        ]
        for run in given:
            runs.settle(session, run.name, content="c0ffee", environment="hpc-1")
        names = [f"person-{number}" for number in range(PEOPLE)]
        for number, name in enumerate(names):
            person = persons.add(session, name, f"Person {number}", time_zone="Europe/Lisbon")
            for turn in range(RUNS_OF_EACH):
                run = given[(number + turn * 37) % RUNS]
                enrolments.enrol(session, run, person, role="trainee", company=staff[number % len(staff)])
    return names


async def crowd(url: str, names: list[str]) -> bool:
    """Open My courses for all at once; return whether each got their own page."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def come(name: str) -> bool:
            async with session.get(url, headers={"Authorization": f"token {token_of(name)}"}) as answer:
                text = await answer.text()
                return answer.status == 200 and f"Welcome, {name.replace('p', 'P', 1).replace('-', ' ')}<" in text

        return all(await asyncio.gather(*(come(name) for name in names)))


@contextmanager
def hub() -> Iterator[str]:
    """Run the simulated hub; yield its API's address."""
    port = free_port()
    with process("tests.aula.web.portal.answering_hub", str(port)):
        address = f"http://127.0.0.1:{port}/hub/api"
        wait_for(f"{address}/asked")
        yield address


@contextmanager
def portal(api: str, database: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the portal; yield its first page's address, and its log."""
    port, log = free_port(), folder / "portal.log"
    variables = {
        "JUPYTERHUB_API_TOKEN": "the-portals-own-token",
        "JUPYTERHUB_API_URL": api,
        "AULA_DATABASE": database,
        "AULA_PUBLIC_URL": f"http://127.0.0.1:{port}/",
    }
    address = f"http://127.0.0.1:{port}/services/portal/"
    with log.open("w") as file, process("aula.web.portal", "--port", str(port), log=file.fileno(), **variables):
        wait_for(f"{address}openapi.json")
        yield address, log


@contextmanager
def process(module: str, *words: str, log: int = subprocess.DEVNULL, **variables: str) -> Iterator[None]:
    """Run a module while the block lasts."""
    started = subprocess.Popen(
        [sys.executable, "-m", module, *words], env={**os.environ, **variables}, cwd=ROOT, stdout=log, stderr=log
    )
    try:
        yield
    finally:
        started.terminate()
        started.wait(30)


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Return once an address answers."""
    for _ in range(300):
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")
