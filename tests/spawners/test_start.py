"""A start on a real hub: options, names, failures of Slurm, and what a killed hub finds again."""

import time

import pytest

from aula.people import accounts, enrolments, persons, runs
from tests.spawners.hub_double import HubDouble, free_port
from tests.spawners.slurm_double import SlurmDouble

HOSTILE_OPTIONS = {
    "a template variable": {"partition": "batch"},
    "a stock variable": {"req_options": "--wrap=id"},
    "a template": {"{{7*7}}": "{{7*7}}"},
    "a directive": {"x\n#SBATCH --uid=0": "1"},
    "the command": {"cmd": "id"},
    "NUL": {"x\x00y": "\x00"},
    "quotes": {"'; id; '": '"'},
    "a nested object": {"profile": {"name": "big"}},
    "a percent sign": {"%s%n": 1},
    "two megabytes": {"x" * 2_000_000: 1},
}


@pytest.mark.parametrize("options", HOSTILE_OPTIONS.values(), ids=HOSTILE_OPTIONS.keys())
def test_options_are_refused_in_words_and_forgotten(
    hub: HubDouble, slurm: SlurmDouble, options: dict[str, object]
) -> None:
    """Options outside the allow-list are a 400, submit nothing, and do not spoil the next start."""
    before = slurm.jobs()
    refused = hub.ask("POST", "/users/ana/server", hub.token_of("ana"), json={"user_options": options})
    assert refused.status_code == 400
    message = refused.json()["message"]
    assert message.startswith(("A server cannot be started with the option ", "The option 'profile' cannot be "))
    assert message.endswith("Nothing was started.")
    assert len(refused.text) < 1000
    assert slurm.jobs() == before
    assert hub.ask("POST", "/users/ana/server", hub.token_of("ana")).ok
    slurm.wait_for_job(len(before) + 1)


def test_options_saved_beforehand_are_refused_too(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Options put on a named server that is created first and started later do not slip through."""
    token, before = hub.token_of("ana"), slurm.jobs()
    made = hub.ask("PUT", "/users/ana/servers/second", token, json={"display_name": "", "user_options": {"cmd": "id"}})
    assert made.status_code == 201
    assert hub.ask("POST", "/users/ana/servers/second", token).status_code == 400
    assert slurm.jobs() == before


@pytest.mark.parametrize(
    "name",
    ["a;id", "..%2Fx", "-uroot", "a%20b", "A", "n%D0%B0me", "x" * 200, "a.b", "a%2Fb", "%00", "a%0Ab", "1st", "a_b"],
)
def test_server_names_are_checked(hub: HubDouble, slurm: SlurmDouble, name: str) -> None:
    """A server name that is not plain is refused before anything is submitted."""
    before = slurm.jobs()
    assert hub.ask("POST", f"/users/ana/servers/{name}", hub.token_of("ana")).status_code in (400, 404)
    assert slurm.jobs() == before


def test_a_person_has_few_servers(hub: HubDouble) -> None:
    """Beside the default server a person may have two; the third is refused in words."""
    token = hub.token_of("ana")
    assert [hub.ask("POST", f"/users/ana/servers/{n}", token).status_code for n in ("one", "two")] == [202, 202]
    third = hub.ask("POST", "/users/ana/servers/three", token)
    assert third.status_code == 400
    assert "maximum" in third.json()["message"]


def test_commands_are_lists_without_secrets(hub: HubDouble, slurm: SlurmDouble) -> None:
    """sbatch runs through sudo as the owner; the token is in its environment and on no command line."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    job = slurm.wait_for_job(number)
    environment, script = job["environment"], job["script"]
    assert isinstance(environment, dict)
    token = environment["JUPYTERHUB_API_TOKEN"]
    assert ["-n", "-u", "ana", f"{slurm.folder}/sbatch", "--parsable", "--export=ALL"] in slurm.calls("sudo")
    assert token not in str(script)
    assert all(token not in word for name in ("sudo", "squeue") for call in slurm.calls(name) for word in call)
    assert set(environment) - {"LC_CTYPE"} <= {name for name in environment if name.startswith("JUPYTERHUB_")} | {
        "PATH",
        "LANG",
        "SLURM_CONF",
    }


def test_what_slurm_says_reaches_the_person(hub: HubDouble, slurm: SlurmDouble) -> None:
    """When sbatch refuses a job, its words are in the answer and no server is left."""
    slurm.answer("sbatch", complaint="sbatch: error: Invalid account or account/partition", status=1)
    answer = hub.ask("POST", "/users/ana/server")
    assert answer.status_code == 500
    hub.wait_until("ana", ready=False)
    assert "Invalid account" in (hub.folder / "hub.log").read_text()


def test_a_job_that_dies_fails_the_start_at_once(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A job that ends before its port is known ends the start within seconds, not at the time limit."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number)
    slurm.set_state(number, "OUT_OF_MEMORY")
    begin = time.monotonic()
    hub.wait_until("ana", ready=False)
    assert time.monotonic() - begin < 14
    assert f"Job {number} ended (out of memory)" in (hub.folder / "hub.log").read_text()


def test_a_job_that_dies_after_it_reported_fails_the_start_at_once(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A job that ends between its report and its server's first answer is noticed within seconds, too."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": free_port()})
    slurm.set_state(number, "FAILED")
    begin = time.monotonic()
    hub.wait_until("ana", ready=False)
    assert time.monotonic() - begin < 14


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 1, "complaint": "slurm_load_jobs error: Unable to contact slurm controller"},
        {"status": 1, "complaint": "slurm_load_jobs error: Zero Bytes were transmitted or received"},
        {"status": 0, "output": "<html>proxy error</html>\n"},
        {"status": 0, "output": "1|RUNNING|$(id)|interactive|100|N/A|None\n"},
    ],
    ids=["controller down", "another error", "nonsense", "a hostile node name"],
)
def test_trouble_with_squeue_drops_nobody(
    hub: HubDouble, slurm: SlurmDouble, server_port: int, trouble: dict[str, object]
) -> None:
    """While squeue fails or talks nonsense a running server stays, and a waiting one waits."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.answer("squeue", **trouble)  # type: ignore[arg-type]  # the table holds each in its place
    time.sleep(1)
    found = hub.server("ana")
    assert found is not None
    assert found["pending"] == "spawn"
    slurm.answer_normally()
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": server_port})
    assert hub.wait_until("ana", ready=True)


def test_stopping_a_waiting_start_cancels_its_job(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A person who gives up leaves no job behind."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(number)
    hub.ask("DELETE", "/users/ana/server", hub.token_of("ana"))
    hub.wait_until("ana", ready=False)
    assert slurm.state(number) == "CANCELLED"
    assert ["-n", "-u", "ana", f"{slurm.folder}/scancel", str(number)] in slurm.calls("sudo")


def test_a_job_that_cannot_be_cancelled_now_is_cancelled_later(hub: HubDouble, slurm: SlurmDouble) -> None:
    """While Slurm is away a stop ends soon, and the job is cancelled when Slurm is back, also by a hub started anew."""
    for killed in (False, True):
        number = len(slurm.jobs()) + 1
        hub.ask("POST", "/users/ana/server")
        slurm.wait_for_job(number)
        for command in ("scancel", "squeue"):
            slurm.answer(command, status=1, complaint="error: Unable to contact slurm controller")
        hub.ask("DELETE", "/users/ana/server", hub.token_of("ana"))
        hub.wait_until("ana", ready=False)
        assert slurm.state(number) == "PENDING"
        if killed:
            hub.kill()
            hub.start()
        slurm.answer_normally()
        hub.ask("POST", "/users/ana/server")  # another start loses nothing
        assert slurm.comes_to(number, "CANCELLED")
        slurm.wait_for_job(number + 1)
        assert slurm.state(number + 1) == "PENDING"
        hub.ask("DELETE", "/users/ana/server", hub.token_of("ana"))
        hub.wait_until("ana", ready=False)


def test_a_killed_hub_finds_a_pending_start_again(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """A hub killed in the middle of a start takes it up: the job reports to the new hub and the server is there."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ana/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    hub.kill()
    hub.start()
    slurm.set_state(number, "RUNNING")
    token = str(environment["JUPYTERHUB_API_TOKEN"])
    assert hub.ask("POST", "/aula/port", token, json={"port": server_port}).status_code == 200
    assert hub.wait_until("ana", ready=True)
    assert slurm.state(number) == "RUNNING"


def test_a_server_belongs_to_the_account_that_its_person_has(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Every command about a server runs in the name of the lent account, and the script has the person's lessons."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ines/server")
    job = slurm.wait_for_job(number)
    assert ["-n", "-u", "train01", f"{slurm.folder}/sbatch", "--parsable", "--export=ALL"] in slurm.calls("sudo")
    assert "copy_lessons /srv/lessons/hpc-demo\n" in str(job["script"])
    assert "AULA_KERNEL_PATHS=/srv/kernels/hpc-demo\n" in str(job["script"])
    environment = job["environment"]
    assert isinstance(environment, dict)
    assert environment["JUPYTERHUB_USER"] == "ines"
    hub.ask("DELETE", "/users/ines/server")
    hub.wait_until("ines", ready=False)
    assert slurm.state(number) == "CANCELLED"
    as_ines = [call for call in slurm.calls("sudo") if call[2] == "ines"]
    assert as_ines == []


def test_a_hub_started_anew_asks_in_the_name_of_the_account_of_then(
    hub: HubDouble, slurm: SlurmDouble, server_port: int
) -> None:
    """A person who was given another account meanwhile keeps their server, and it is ended as its owner."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/ines/server")
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", str(environment["JUPYTERHUB_API_TOKEN"]), json={"port": server_port})
    assert hub.wait_until("ines", ready=True)
    hub.kill()
    with hub.people.session() as session:
        accounts.adopt(session, persons.get(session, "ines"), "prado")
    before = len(slurm.calls("sudo"))
    hub.start()
    assert hub.wait_until("ines", ready=True)
    hub.ask("DELETE", "/users/ines/server")
    hub.wait_until("ines", ready=False)
    calls = slurm.calls("sudo")[before:]
    assert {call[2] for call in calls} == {"train01"}
    assert ["-n", "-u", "train01", f"{slurm.folder}/scancel", str(number)] in calls
    hub.ask("POST", "/users/ines/server")
    slurm.wait_for_job(number + 1)
    assert slurm.calls("sudo")[-1][2] == "prado"


def test_a_late_job_is_cancelled_in_its_owners_name(hub: HubDouble, slurm: SlurmDouble) -> None:
    """What could not be cancelled is cancelled as the account it belongs to, though the person has another by then."""
    number = len(slurm.jobs()) + 1
    hub.ask("POST", "/users/carla/server")
    slurm.wait_for_job(number)
    for command in ("scancel", "squeue"):
        slurm.answer(command, status=1, complaint="error: Unable to contact slurm controller")
    hub.ask("DELETE", "/users/carla/server")
    hub.wait_until("carla", ready=False)
    hub.kill()
    with hub.people.session() as session:
        accounts.adopt(session, persons.get(session, "carla"), "cneves")
    hub.start()
    slurm.answer_normally()
    hub.ask("POST", "/users/carla/server")
    slurm.wait_for_job(number + 1)
    assert slurm.comes_to(number, "CANCELLED")
    assert ["-n", "-u", "carla", f"{slurm.folder}/scancel", str(number)] in slurm.calls("sudo")
    assert ["-n", "-u", "cneves", f"{slurm.folder}/scancel", str(number)] not in slurm.calls("sudo")


def test_who_is_in_no_course_is_told_so(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A person who has left their last run gets no server; the refusal says what to do, and nothing is submitted."""
    with hub.people.session() as session:
        enrolments.leave(session, runs.get(session, "hpc-demo"), persons.get(session, "ana"))
    before = slurm.jobs()
    try:
        refused = hub.ask("POST", "/users/ana/server", hub.token_of("ana"))
        assert refused.status_code == 403
        assert refused.json()["message"].startswith("You are in no course at the moment.")
        assert slurm.jobs() == before
    finally:
        with hub.people.session() as session:
            run, ana = runs.get(session, "hpc-demo"), persons.get(session, "ana")
            enrolments.enrol(session, run, ana, role="trainee")
