"""A group's servers at a real hub: started ahead for all of them, told in words, and stopped where nobody used them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from aula.people import enrolments, persons, runs
from tests.spawners.hub_double import PORTAL_TOKEN, HubDouble
from tests.spawners.slurm_double import SlurmDouble

GROUP = "/aula/groups/nbgrader-hpc-demo/servers"
PROFILES = [
    {"name": "usual", "title": "Usual"},
    {"name": "class", "title": "The class's", "groups": ["nbgrader-hpc-demo"], "reservation": "monday"},
    {"name": "staff", "title": "Staff's", "groups": ["formgrade-hpc-demo"]},
]


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub with profiles, for this file."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder, profiles=PROFILES)
    hub.start()
    yield hub
    hub.kill()


def ask(hub: HubDouble, method: str, names: list[str], **more: str) -> requests.Response:
    """Ask with the portal's token."""
    return hub.ask(method, GROUP, PORTAL_TOKEN, json={"names": names, **more})


def told(hub: HubDouble, language: str = "en") -> dict[str, Any]:
    """Return what the portal is told."""
    answer = hub.ask("GET", f"{GROUP}?language={language}", PORTAL_TOKEN)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def until(what: Callable[[], bool]) -> None:
    """Return once something is so."""
    end = time.monotonic() + 15
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)


def state(hub: HubDouble, name: str) -> str:
    """Return how somebody's server stands."""
    return str(told(hub)["servers"].get(name, {}).get("state"))


def newcomer(hub: HubDouble, name: str) -> None:
    """Let somebody join the run who has never signed in at the hub."""
    with hub.people.session() as session:
        person = persons.add(session, name, name.title())
        enrolments.enrol(session, runs.get(session, "hpc-demo"), person, role="trainee")


def test_all_who_learn_there_get_a_server(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Who has never signed in too; nobody who is no trainee of the run, whoever asks; and what waits is told."""
    newcomer(hub, "bela")
    before = len(slurm.jobs())
    answer = ask(hub, "POST", ["bela", "ines", "nobody", "ana"], profile="class")
    assert (answer.status_code, answer.elapsed.total_seconds() < 2) == (202, True)
    scripts = [str(slurm.wait_for_job(before + number)["script"]) for number in (1, 2)]
    assert all("#SBATCH --reservation=monday" in script for script in scripts)
    until(lambda: "Job" in told(hub)["servers"]["ana"].get("said", ""))
    found = told(hub)
    assert set(found["servers"]) == {"ana", "bela"}
    assert found["servers"]["bela"]["state"] == "starting"
    assert "waits in the queue" in found["servers"]["bela"]["said"]
    assert "espera en la cola" in told(hub, "es")["servers"]["bela"]["said"]
    assert found["profiles"] == [{"name": "usual", "title": "Usual"}, {"name": "class", "title": "The class's"}]
    time.sleep(1)
    assert len(slurm.jobs()) == before + 2
    ask(hub, "POST", ["ana", "bela"])  # they are starting: nothing is done twice
    time.sleep(1)
    assert len(slurm.jobs()) == before + 2
    hub.ask("DELETE", "/users/bela/server")


def test_what_nobody_used_is_stopped(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """A server that is ready is told to be, since when; it is stopped on demand, and one that starts is left alone."""
    number = len(slurm.jobs()) + 1
    ask(hub, "POST", ["ana"])
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": server_port})
    until(lambda: state(hub, "ana") == "ready")
    row = told(hub)["servers"]["ana"]
    assert (row["used"], abs(row["since"] - time.time()) < 15) == (False, True)
    ask(hub, "POST", ["carla"])
    until(lambda: state(hub, "carla") == "starting")
    assert ask(hub, "DELETE", ["carla"]).status_code == 202
    time.sleep(1)
    assert (state(hub, "ana"), state(hub, "carla")) == ("ready", "starting")
    ask(hub, "DELETE", ["ana", "carla"])
    until(lambda: state(hub, "ana") == "stopped")
    assert state(hub, "carla") == "starting"


def test_a_failure_is_told_without_the_log(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Why a start failed is said in the hub's words; the end of the server's log is its owner's alone."""
    number = len(slurm.jobs()) + 1
    ask(hub, "POST", ["carla"])
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    token = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/failure", token, json={"log": "carla's own words"}).status_code == 200
    slurm.set_state(number, "FAILED")
    until(lambda: state(hub, "carla") == "failed")
    said = told(hub)["servers"]["carla"]["said"]
    assert "ended (failed)" in said
    assert "own words" not in said
    ask(hub, "POST", ["carla"], profile="staff")
    until(lambda: "There is no profile 'staff' for you." in told(hub)["servers"]["carla"].get("said", ""))


def test_only_who_has_the_right_may_ask(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The portal has it for course runs' trainees alone; people have it for nobody's group, their own included."""
    others, before = "/aula/groups/formgrade-hpc-demo/servers", len(slurm.jobs())
    for method in ("GET", "POST", "DELETE"):
        body = None if method == "GET" else {"names": ["ana"]}
        for name in ("ana", "ines"):
            assert hub.ask(method, GROUP, hub.token_of(name), json=body).status_code in (403, 404)
        assert hub.ask(method, others, PORTAL_TOKEN, json=body).status_code in (403, 404)
    assert hub.ask("GET", "/users", PORTAL_TOKEN).status_code == 403
    assert hub.ask("GET", "/users/ines", PORTAL_TOKEN).status_code == 404
    assert ask(hub, "POST", ["../x"]).status_code == 400
    time.sleep(0.5)
    assert len(slurm.jobs()) == before
