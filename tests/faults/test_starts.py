"""Starts that meet a fault half-way: each one reaches its person or is given up, and no job is left over."""

import json
import time
from contextlib import ExitStack

import pytest
import requests

from deploy.classroom import classroom as whole
from tests.classroom import Classroom
from tests.faults.parts import answers, back, kill
from tests.integration.person import Person, alone, held, wait_for

# A hub outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
PEOPLE = ("bruno", "carla", "deniz")
WITHIN_S = 10.0


def settled(person: Person) -> bool:
    """Whether a person has a server that is ready and one job, or neither a server nor a job."""
    server, jobs = person.server(), person.jobs()
    return (bool(server) and bool(server["ready"]) and len(jobs) == 1) or (not server and not jobs)


def test_hub_killed_with_starts_pending(classroom: Classroom) -> None:
    """The hub is killed while starts wait in the queue: afterwards each of them reaches its person."""
    with ExitStack() as stack:
        people = [stack.enter_context(alone(classroom, who)) for who in PEOPLE]
        with ExitStack() as queue:
            for person in people:
                queue.enter_context(held(person))
            before = {person.name: person.begin().id for person in people}
            back(classroom, "hub", kill(classroom, "hub"))
            wait_for(lambda: whole.status(classroom.settings).parts["hub"], "the hub answers")
        for person in people:
            person.ready()
            assert [job.id for job in person.jobs()] == [before[person.name]]
            wait_for(lambda person=person: answers(person), f"the route to the server of {person.name}", WITHIN_S)


@pytest.mark.parametrize("after_s", [0.05, 0.4])
def test_hub_killed_while_it_submits(classroom: Classroom, after_s: float) -> None:
    """The hub is killed around the moment of submission: no job without its server, no server without a job."""
    with alone(classroom, "carla") as carla, alone(classroom, "deniz") as deniz:
        for person in (carla, deniz):
            assert person.api("POST", f"users/{person.name}/server").status_code in (201, 202)
        time.sleep(after_s)
        back(classroom, "hub", kill(classroom, "hub"))
        wait_for(lambda: whole.status(classroom.settings).parts["hub"], "the hub answers")
        for person in (carla, deniz):
            wait_for(lambda person=person: settled(person), f"the start of {person.name} is settled")
            time.sleep(1)
            assert settled(person)


def test_a_job_that_dies_before_it_reports(classroom: Classroom) -> None:
    """The job ends before JupyterLab is ready: the waiting person reads so within 10 s, with what to do."""
    with alone(classroom, "deniz") as deniz:
        with held(deniz):
            job = deniz.begin()
        wait_for(lambda: next((job.node for job in deniz.jobs()), ""), "the job runs")
        classroom.slurm("scancel", job.id)
        began = time.monotonic()
        headers = {"Authorization": f"token {deniz.token}"}
        url = f"{deniz.hub}/api/users/{deniz.name}/server/progress"
        with requests.get(url, headers=headers, stream=True, timeout=WITHIN_S) as answer:
            events = [json.loads(line[5:]) for line in answer.iter_lines() if line.startswith(b"data:")]
        assert time.monotonic() - began < WITHIN_S
        assert events[-1]["failed"]
        assert f"Job {job.id} ended (cancelled" in events[-1]["message"]
        assert "Start the server again" in events[-1]["message"]
