"""One round of the soak of starts: many people start at once, the hub is killed, and each start is followed."""

import random
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import requests

from deploy.classroom import hub
from tests.classroom import Classroom
from tests.crowd import all_at_once
from tests.faults.parts import answers, back, kill
from tests.integration.person import Person, wait_for
from tests.soak.listeners import Listeners

LONGEST_S = 300.0
# Seconds after which no job is left of a server that was stopped.
ORPHAN_S = 10.0


@dataclass
class Round:
    """What became of the starts of one round; seconds are from the hub's return or the server's own readiness."""

    killed_after_s: float = 0.0
    jobs_when_killed: int = 0
    away_s: float = 0.0
    served_after_s: dict[str, float] = field(default_factory=dict)
    never_begun: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def slowest_s(self) -> float:
        """The longest that anybody waited for a server that was there."""
        return max(self.served_after_s.values(), default=0.0)


def play(classroom: Classroom, people: list[Person], chance: random.Random) -> Round:
    """Let all start at once, kill the hub in the middle of it, and follow each start until it is served and stopped.

    Every other time the hub dies when the queue has so many jobs: sbatch of one or the next has not returned then.
    """
    round_, listeners = Round(), Listeners(classroom.settings)
    with listeners.watching():
        before = _kill_in_the_middle(classroom, people, chance, round_)
        returned = time.monotonic()
        _follow(classroom, people, before, listeners, returned, round_)
    time.sleep(ORPHAN_S)
    round_.orphans = sorted(job for jobs in _queue(classroom, people).values() for job in jobs)
    return round_


def _kill_in_the_middle(
    classroom: Classroom, people: list[Person], chance: random.Random, round_: Round
) -> dict[str, set[str]]:
    """Start, kill, and wait until the hub is back; return the jobs that were in the queue when it died."""
    by_jobs = chance.random() < 0.5
    most = chance.randrange(len(people)) if by_jobs else len(people)
    latest = time.monotonic() + (LONGEST_S if by_jobs else chance.uniform(0, 20))
    began = time.monotonic()

    def ask(person: Person) -> None:
        with suppress(requests.RequestException):  # the hub dies meanwhile
            person.api("POST", f"users/{person.name}/server")

    def die() -> int:
        while time.monotonic() < latest and sum(map(len, _queue(classroom, people).values())) <= most:
            time.sleep(0.02)
        return kill(classroom, "hub")

    *_, pid = all_at_once(lambda do: do(), [*(lambda one=one: ask(one) for one in people), die], len(people) + 1)
    died = time.monotonic()
    jobs = _queue(classroom, people)
    round_.killed_after_s, round_.jobs_when_killed = died - began, sum(map(len, jobs.values()))
    back(classroom, "hub", pid)
    wait_for(lambda: hub.healthy(classroom.settings), "the hub answers")
    round_.away_s = time.monotonic() - died
    return jobs


def _follow(
    classroom: Classroom,
    people: list[Person],
    before: dict[str, set[str]],
    listeners: Listeners,
    returned: float,
    round_: Round,
) -> None:
    """Note how each start ends. Who is served stops the server, so that those who wait in the queue get a place."""
    waiting = {person.name: person for person in people}
    deadline = time.monotonic() + LONGEST_S
    while waiting and time.monotonic() < deadline:
        jobs = _queue(classroom, waiting.values())
        for name, person in list(waiting.items()):
            server = person.server()
            if len(jobs[name]) > 1:
                round_.twice.append(name)
            if server and server["ready"] and answers(person):
                there = max(returned, listeners.since(name))
                round_.served_after_s[name] = round(time.monotonic() - there, 1)
                person.api("DELETE", f"users/{name}/server")
            elif not server and not jobs[name]:
                (round_.lost if before[name] else round_.never_begun).append(name)
            else:
                continue
            del waiting[name]
        time.sleep(0.3)
    round_.lost += waiting


def _queue(classroom: Classroom, people: Iterable[Person]) -> dict[str, set[str]]:
    """Return the jobs of these people's servers that wait or run, in one look."""
    found: dict[str, set[str]] = {person.name: set() for person in people}
    for line in classroom.slurm("squeue", "--noheader", "--format=%A|%u|%j").splitlines():
        job, owner, name = line.split("|")
        if owner in found and name.startswith("jupyter-"):
            found[owner].add(job)
    return found
