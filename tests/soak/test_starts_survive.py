"""Starts survive: the hub killed in the middle of twenty of them, and Slurm's controller away for two minutes."""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deploy.settings import CHECKOUT
from deploy.slurm import daemons
from deploy.slurm.layout import Layout
from tests.classroom import Classroom
from tests.crowd import Crowd, all_at_once, join, sign_in
from tests.faults.parts import answers, back, kill
from tests.integration.person import Person, held, wait_for
from tests.soak.hub_killed import Round, play

# A daemon outlives the test that starts it: that is the point, and no leak.
pytestmark = [
    pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning"),
    pytest.mark.timeout(0),
]
STARTS = 20
ROUNDS = int(os.environ.get("AULA_SOAK_ROUNDS", "20"))
SERVED_S = 15.0
SERVERS, SMALL_MB = 10, 400
AWAY_S = 120.0
REPORT = CHECKOUT / "build" / "soak.json"


@pytest.fixture(scope="module")
def crowd(classroom: Classroom) -> Crowd:
    """A crowd in the class."""
    return join(classroom, STARTS)


@pytest.fixture
def people(crowd: Crowd) -> Iterator[list[Person]]:
    """The crowd, signed in and without servers before and after."""
    signed_in = sign_in(crowd, STARTS)
    all_at_once(Person.stop, signed_in)
    yield signed_in
    all_at_once(Person.stop, signed_in)


def note(what: str, found: object) -> None:
    """Write a finding to the report."""
    REPORT.parent.mkdir(exist_ok=True)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    REPORT.write_text(json.dumps({**known, what: found}, indent=1) + "\n")


def test_the_hub_is_killed_in_the_middle_of_twenty_starts(classroom: Classroom, people: list[Person]) -> None:
    """Twenty times: no start that had a job is lost, none is doubled, each server serves in 15 s, no job is left."""
    rounds = list[Round]()
    for seed in range(ROUNDS):
        rounds.append(play(classroom, people, random.Random(seed)))  # noqa: S311  (it hides nothing)
        note("hub killed", [{**vars(one), "slowest_s": one.slowest_s} for one in rounds])
        print(f"round {seed}: {vars(rounds[-1])}")
    assert [one.lost for one in rounds] == [[]] * ROUNDS
    assert [one.twice for one in rounds] == [[]] * ROUNDS
    assert [one.orphans for one in rounds] == [[]] * ROUNDS
    assert max(one.slowest_s for one in rounds) <= SERVED_S
    assert any(one.jobs_when_killed for one in rounds)


def test_slurm_is_away_for_two_minutes(classroom: Classroom, people: list[Person]) -> None:
    """The controller is away for two minutes with ten servers, and the hub is killed meanwhile: none is dropped."""
    mine, layout = people[:SERVERS], Layout(classroom.settings)
    with ExitStack() as queue:
        for person in mine:  # the nodes have memory for eight of the usual size
            queue.enter_context(held(person))
            classroom.slurm("scontrol", "update", f"JobId={person.begin().id}", f"MinMemoryNode={SMALL_MB}")
    all_at_once(Person.ready, mine)
    jobs = {person.name: person.jobs() for person in mine}
    time.sleep(6)  # the controller writes what it knows of a job to disk within 5 s
    classroom.stop("slurmctld")
    try:
        time.sleep(AWAY_S / 2)
        back(classroom, "hub", kill(classroom, "hub"))
        time.sleep(AWAY_S / 2)
        served = [person.name for person in mine if answers(person)]
    finally:
        daemons.start_controller(layout)
    wait_for(lambda: all(answers(person) for person in mine), "all servers answer")
    note("slurmctld away", {"servers": SERVERS, "seconds": AWAY_S, "dropped": SERVERS - len(served)})
    assert len(served) == SERVERS
    assert {person.name: person.jobs() for person in mine} == jobs
    assert all(person.server()["ready"] for person in mine)
