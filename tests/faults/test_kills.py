"""Every part of the class killed while a server runs: the person goes on working, and the part comes back."""

import asyncio
import time

import pytest
import requests

from deploy import network
from deploy.classroom import classroom as whole
from deploy.slurm import cluster
from deploy.slurm.layout import Layout
from tests.classroom import Classroom
from tests.faults.kernel import computing, numbers
from tests.faults.parts import answers, back, kill
from tests.integration.person import Person, alone, wait_for

# A daemon outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


# The controller writes what it knows of a job to disk within 5 s: of a younger one it knows nothing when killed.
SAVED_S = 6


def told(person: Person) -> str:
    """Return what a waiting person is told, up to the first word about the batch system or the end."""
    headers = {"Authorization": f"token {person.token}"}
    url = f"{person.hub}/api/users/{person.name}/server/progress"
    lines = []
    with requests.get(url, headers=headers, stream=True, timeout=30) as answer:
        for line in answer.iter_lines(decode_unicode=True):
            lines.append(line)
            if "batch system" in line or '"failed"' in line:
                break
    return "\n".join(lines)


def test_hub_killed_while_a_kernel_computes(classroom: Classroom, bruno: Person) -> None:
    """The hub is killed: the open websocket goes on bringing results, and the server is the same afterwards."""
    job = bruno.jobs()[0]

    async def work() -> list[int]:
        async with computing(bruno, 8) as socket:
            await numbers(socket, 1)
            before = await asyncio.to_thread(kill, classroom, "hub")
            seen = await numbers(socket, 7)
            await asyncio.to_thread(back, classroom, "hub", before)
            return seen

    assert asyncio.run(asyncio.wait_for(work(), 60))[-1] == 7
    wait_for(lambda: whole.status(classroom.settings).parts["hub"], "the hub answers")
    assert bruno.server()["ready"]
    assert bruno.jobs() == [job]


def test_proxy_killed(classroom: Classroom, bruno: Person) -> None:
    """The proxy is killed: within 10 s the person's server answers again at its address."""
    before = kill(classroom, "proxy")
    began = time.monotonic()
    wait_for(lambda: answers(bruno), "the route to the server is back", within=10)
    assert time.monotonic() - began < 10
    back(classroom, "proxy", before)
    assert requests.get(f"{classroom.address}/services/book/", timeout=10).status_code == 200


def test_the_batch_system_is_gone_for_a_while(classroom: Classroom, bruno: Person) -> None:
    """Controller, accounting and database are down for longer than the hub's watch: nobody's server is dropped."""
    layout = Layout(classroom.settings)
    job = bruno.jobs()[0]
    with alone(classroom, "deniz") as deniz:
        classroom.stop("slurmctld", "slurmdbd", "mariadb")
        try:
            answer = deniz.api("POST", f"users/{deniz.name}/server")
            assert answer.status_code in (201, 202), answer.text  # 201 where the last start of this person had failed
            assert "batch system does not answer" in told(deniz)
            time.sleep(35)  # the hub looks at each server every 30 s
            assert answers(bruno)
            assert bruno.server()["ready"]
        finally:
            cluster.up(layout.settings)
        wait_for(lambda: not deniz.server(), "the start that took too long was given up")
        time.sleep(6)  # sbatch tries on by itself: its job must not stay
        wait_for(lambda: not deniz.jobs(), "no job is left of it")
    wait_for(lambda: whole.status(classroom.settings).healthy, "the class is healthy again")
    assert bruno.jobs() == [job]


@pytest.mark.parametrize("part", ["slurmctld", "slurmdbd", "mariadb", "munged"])
def test_a_part_of_slurm_killed(classroom: Classroom, bruno: Person, part: str) -> None:
    """A daemon of the batch system is killed: it is started again, and the running server never noticed."""
    job = bruno.jobs()[0]
    time.sleep(SAVED_S if part == "slurmctld" else 0)
    back(classroom, part, kill(classroom, part))
    wait_for(lambda: whole.status(classroom.settings).healthy, f"all is well after {part} was killed")
    assert answers(bruno)
    assert bruno.jobs() == [job]
    assert classroom.slurm("srun", "--quiet", "hostname").strip()


def test_a_nodes_daemon_killed(classroom: Classroom, bruno: Person) -> None:
    """The slurmd of the very node is killed: the server on it lives on, and the node takes new jobs again."""
    job = bruno.jobs()[0]
    assert job.node in [node.name for node in network.nodes(classroom.settings)]
    part = f"slurmd-{job.node}"
    back(classroom, part, kill(classroom, part))
    assert answers(bruno)
    wait_for(lambda: whole.status(classroom.settings).healthy, "the node is well again")
    assert classroom.slurm("srun", "--quiet", f"--nodelist={job.node}", "hostname").strip() == job.node
    assert bruno.jobs() == [job]


@pytest.mark.parametrize("part", ["formgrader-hpc-and-slurm-demo", "portal", "book"])
def test_a_service_killed(classroom: Classroom, bruno: Person, part: str) -> None:
    """A service is killed: it is started again and answers at its address."""
    back(classroom, part, kill(classroom, part))
    path = f"{part}/" if part in ("portal", "book") else "hpc-and-slurm-demo/formgrader"
    wait_for(
        lambda: requests.get(f"{classroom.address}/services/{path}", timeout=10).status_code == 200,
        f"{part} answers",
    )
    assert answers(bruno)
