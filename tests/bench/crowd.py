"""`make bench BENCH=crowd`: fifty people press the button at once, on the real cluster, until the last one works.

Each has an account and JupyterLab of their own. The nodes have room for all of them: what is measured is what hub,
Slurm and fifty starting servers make of this machine. The contestants take turns, with time-outs of 300 s; who fails
is counted, and the times are of those who got there.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace

import requests

from deploy.classroom import hub
from deploy.lock import exclusive
from deploy.progress import say
from deploy.settings import Settings
from tests.bench.report import OURS, Report
from tests.bench.spawn import Started, queue, start
from tests.bench.stock import stock_class, versions
from tests.classroom import Classroom
from tests.crowd import join, sign_in
from tests.integration.person import Person

PEOPLE, ROUNDS = 50, 3
PEER = "stock"
MEMORY = "384M"
"""What a server asks for, so that all fit on nine nodes of this machine."""
LIMIT_S = 300


@dataclass
class Contestant:
    """One kind of hub, and what became of the people at it."""

    classroom: Classroom
    seconds: list[float] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def benchmark(classroom: Classroom) -> Report:
    """Let everybody start at each hub in turn; return the seconds until the last of them worked."""
    joined = join(classroom, PEOPLE)
    settings = with_small_servers(classroom.settings)
    seen: set[Started] = set()
    with ExitStack() as stack:
        stack.enter_context(applied(settings, classroom.settings))
        ours = replace(joined, settings=settings)
        stock = stack.enter_context(stock_class(ours, PEER, settings.port + 91, start_timeout=LIMIT_S))
        contestants = {name: Contestant(who) for name, who in ((OURS, ours), (PEER, stock))}
        for turn in range(1, ROUNDS + 1):
            for name, one in contestants.items():
                seen |= storm(one)
                say(f"  round {turn} of {ROUNDS}   {name:<6} {one.seconds[-1]:6.1f} s   {one.failed[-1]} failed")
    return Report(
        name="crowd",
        what=f"{PEOPLE} people start a server at once on the real cluster: until the last one's JupyterLab answers",
        unit="s",
        samples={name: one.seconds for name, one in contestants.items()},
        checked=len(seen) == 1 and not any(contestants[OURS].failed),
        configuration={
            "produced": [{**vars(one), "extensions": sorted(one.extensions)} for one in seen],
            "nodes": settings.nodes,
            "time_out_s": LIMIT_S,
            "failed": {name: one.failed for name, one in contestants.items()},
            OURS: versions(settings.environment("user")) | versions(settings.environment("hub")),
            PEER: versions(settings.environment(PEER)),
        },
    )


def storm(one: Contestant) -> set[Started]:
    """Start everybody's server at once and stop them all; note how long the last took, and how many failed."""
    people = sign_in(one.classroom, PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:
        starts = [pool.submit(start, person) for person in people]
        worked = [future.result() for future in starts if future.exception() is None]
        one.seconds.append(max((seconds for seconds, _ in worked), default=float(LIMIT_S)))
        one.failed.append(len(starts) - len(worked))
        list(pool.map(_stop, people))
    return {what for _, what in worked}


def _stop(person: Person) -> None:
    """Stop whatever there is, as often as it takes: a hub with its hands full does not answer."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            if not person.server() and not queue(person):
                return
            person.api("DELETE", f"users/{person.name}/server")
        time.sleep(1)


def with_small_servers(settings: Settings) -> Settings:
    """Return the classroom with servers that ask for little, and one profile."""
    site = settings.site
    return replace(settings, described=replace(site, slurm=replace(site.slurm, memory=MEMORY), profiles=()))


@contextmanager
def applied(settings: Settings, before: Settings) -> Iterator[None]:
    """Run the hub with other settings while the block lasts."""
    with exclusive(settings.state, patience=60):
        hub.up(settings)
    try:
        yield
    finally:
        with exclusive(settings.state, patience=60):
            hub.up(before)
