"""A node that dies under a running server: its person reads so within 30 s and starts again, on another node."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from deploy import accounts
from deploy.classroom import classroom as whole
from deploy.command import run
from tests.classroom import Classroom
from tests.faults.kernel import connected
from tests.faults.parts import answers
from tests.integration.person import Job, Person, alone, wait_for

# A daemon outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

WITHIN_S = 30.0
GLITCH_S = 10.0
# Slurm's SlurmdTimeout here is 60 s: a node is not down for it before, and back soon after it is reachable.
BACK_S = 90.0


@contextmanager
def cut_off(*nodes: str) -> Iterator[None]:
    """Cut nodes off the network, as a pulled cable or a lost power supply does: nothing answers any more."""
    for node in nodes:
        run(["ip", "-n", node, "link", "set", "eth0", "down"])
    try:
        yield
    finally:
        for node in nodes:
            run(["ip", "-n", node, "link", "set", "eth0", "up"])


def page(person: Person) -> requests.Response:
    """Open the address of the person's JupyterLab in their browser."""
    return person.session.get(f"{person.classroom.server(person.who)}/lab", timeout=WITHIN_S, allow_redirects=True)


def told(person: Person) -> bool:
    """Whether the person reads that the node is dead."""
    return "its node no longer answers" in page(person).text


def well(classroom: Classroom) -> None:
    """Wait until all nodes are back in Slurm."""
    wait_for(lambda: whole.status(classroom.settings).healthy, "the class is healthy again", BACK_S)


def test_a_dead_node_is_told_and_left(classroom: Classroom, bruno: Person) -> None:
    """The node dies: within 30 s its person reads why; one click starts anew elsewhere, with what was saved there."""
    job = bruno.jobs()[0]
    (accounts.home(classroom.settings, bruno.name) / "saved.txt").write_text("before the node died\n")
    with cut_off(job.node):
        began = time.monotonic()
        wait_for(lambda: told(bruno), "bruno reads that the node is dead", WITHIN_S)
        took = time.monotonic() - began
        print(f"told after {took:.1f} s")
        assert took < WITHIN_S
        answer = page(bruno)
        assert answer.status_code == 424
        assert f"/hub/spawn/{bruno.name}" in answer.text
        where, word = f"{bruno.hub}/spawn/{bruno.name}", {"_xsrf": bruno.xsrf}
        again = bruno.session.post(where, params=word, data={}, timeout=30, allow_redirects=False)
        assert again.status_code == 302
        bruno.ready()
        mine = bruno.jobs()
        assert [one.node for one in mine if one.id != job.id] == [other(classroom, job)]
        assert bruno.at_server("api/contents/saved.txt").json()["content"] == "before the node died\n"
    well(classroom)
    wait_for(
        lambda: [one.id for one in bruno.jobs()] == [one.id for one in mine if one.id != job.id], "the job is gone"
    )
    wait_for(lambda: not processes(classroom, job), "no process of the old server is left on its node")


def test_an_open_page_learns_of_it(bruno: Person) -> None:
    """The node dies under an open JupyterLab: the websocket of its kernel is closed, and its requests end, in 30 s."""

    async def until_closed() -> None:
        async with connected(bruno) as websocket:
            with cut_off(bruno.jobs()[0].node):
                asked = asyncio.create_task(asyncio.to_thread(bruno.at_server, "api/status"))
                async with asyncio.timeout(WITHIN_S):
                    while await websocket.read_message() is not None:
                        pass
                    assert (await asked).status_code == 503

    asyncio.run(until_closed())


def test_a_short_glitch_drops_nobody(bruno: Person) -> None:
    """The node is cut off for ten seconds: the server is the same afterwards."""
    job = bruno.jobs()[0]
    with cut_off(job.node):
        time.sleep(GLITCH_S)
    wait_for(lambda: answers(bruno), "the server answers again")
    time.sleep(10)
    assert bruno.server()["ready"]
    assert bruno.jobs() == [job]


def test_a_hub_that_is_cut_off_drops_nobody(classroom: Classroom, bruno: Person) -> None:
    """All nodes are silent at once for half a minute: it is the hub that is cut off, and nobody is dropped."""
    job = bruno.jobs()[0]
    with alone(classroom, "deniz") as deniz:
        deniz.start()
        with cut_off(classroom.name("node1"), classroom.name("node2")):
            time.sleep(WITHIN_S)
        for person in (bruno, deniz):
            wait_for(lambda person=person: answers(person), "the server answers again")
        time.sleep(10)
        assert bruno.server()["ready"]
        assert deniz.server()["ready"]
    assert bruno.jobs() == [job]


def other(classroom: Classroom, job: Job) -> str:
    """Return the other node."""
    return next(name for name in (classroom.name("node1"), classroom.name("node2")) if name != job.node)


def processes(classroom: Classroom, job: Job) -> str:
    """Return the processes of a job that Slurm still has on its node."""
    return classroom.slurm(
        "srun", "--quiet", f"--nodelist={job.node}", "sh", "-c", f"ls -d /tmp/aula-{job.id}-* || true"
    )
