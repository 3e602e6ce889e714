"""What Prometheus is told of starts, failures and the queue: it is what happened, and it names nobody."""

import asyncio
import json
import re
import time
from pathlib import Path

import pytest
import requests
from aula_spawner import metrics
from aula_spawner.slurm.squeue import Job
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from tests.spawners.hub_double import ADMIN_TOKEN, MONITORING_TOKEN, HubDouble
from tests.spawners.slurm_double import SlurmDouble

MONITORING = Path(__file__).parents[2] / "deploy/monitoring"
PART = re.compile(r"_(bucket|count|sum)$")
METRIC = re.compile(r"\b(?:aula_spawner|jupyterhub|process|python)_[a-z_]+\b")


def scrape(hub: HubDouble, token: str = MONITORING_TOKEN) -> requests.Response:
    """Ask as Prometheus does."""
    return requests.get(f"{hub.url}/metrics", headers={"Authorization": f"Bearer {token}"}, timeout=30)


def values(hub: HubDouble) -> dict[str, float]:
    """Return every value, by its name with its labels' values behind it, in the order of the labels' names."""
    families = text_string_to_metric_families(scrape(hub).text)
    return {
        ",".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in families
        for sample in family.samples
    }


class Growth:
    """How values have grown since a moment."""

    def __init__(self, hub: HubDouble) -> None:
        self.hub, self.before = hub, values(hub)

    def of(self, name: str) -> float:
        """Return by how much one value has grown."""
        return values(self.hub)[name] - self.before[name]

    def comes(self, name: str, amount: float = 1, seconds: float = 15) -> None:
        """Wait until a value has grown by an amount."""
        end = time.monotonic() + seconds
        while self.of(name) != amount:
            assert time.monotonic() < end, f"{name} has grown by {self.of(name)}, not {amount}"
            time.sleep(0.1)


def begin(hub: HubDouble, slurm: SlurmDouble) -> tuple[int, str]:
    """Start ana's server, and return its job's number and token."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", "/users/ana/server").status_code in (201, 202)
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    return number, str(environment["JUPYTERHUB_API_TOKEN"])


def bring_up(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> int:
    """Start ana's server until it answers, and return its job's number."""
    number, token = begin(hub, slurm)
    slurm.set_state(number, "RUNNING")
    assert hub.ask("POST", "/aula/port", token, json={"port": server_port}).ok
    hub.wait_until("ana", ready=True)
    return number


def test_a_start_is_counted_with_its_steps(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """A server is one that waits until it answers; then its start and each step of it are counted once."""
    growth = Growth(hub)
    number, token = begin(hub, slurm)
    growth.comes("aula_spawner_waiting_servers,queue")
    growth.comes("aula_spawner_jobs,pending")
    slurm.set_state(number, "RUNNING")
    growth.comes("aula_spawner_waiting_servers,server")
    assert growth.of("aula_spawner_waiting_servers,queue") == 0
    hub.ask("POST", "/aula/port", token, json={"port": server_port})
    hub.wait_until("ana", ready=True)
    growth.comes("aula_spawner_starts_total,ready")
    for step in metrics.STEPS:
        assert growth.of(f"aula_spawner_start_step_seconds_count,{step}") == 1
        assert growth.of(f"aula_spawner_waiting_servers,{step}") == 0
    assert growth.of("aula_spawner_jobs,running") == 1
    assert growth.of("aula_spawner_starts_total,failed") == growth.of("aula_spawner_starts_total,given_up") == 0


def test_a_start_that_fails_is_counted_by_its_reason(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A job that ends before its server answers is one failure with Slurm's reason, and nobody waits for it."""
    growth = Growth(hub)
    number, _ = begin(hub, slurm)
    slurm.set_state(number, "NODE_FAIL")
    growth.comes("aula_spawner_failures_total,node_failure,start")
    hub.wait_until("ana", ready=False)
    assert growth.of("aula_spawner_starts_total,failed") == 1
    assert growth.of("aula_spawner_waiting_servers,queue") == 0
    assert all(growth.of(f"aula_spawner_failures_total,{one},work") == 0 for one in metrics.REASONS)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("TIMEOUT", "time_limit"),
        ("DEADLINE", "time_limit"),
        ("OUT_OF_MEMORY", "out_of_memory"),
        ("BOOT_FAIL", "node_failure"),
        ("CANCELLED", "cancelled"),
        ("PREEMPTED", "preempted"),
        ("FAILED", "other"),
        ("", "other"),
    ],
)
def test_each_end_of_a_job_has_its_reason(state: str, reason: str) -> None:
    """What Slurm says of a job's end, or that it knows it no longer, is one of few reasons, counted once."""

    def counted() -> float:
        labels = {"when": "start", "reason": reason}
        return REGISTRY.get_sample_value("aula_spawner_failures_total", labels) or 0

    life, before = metrics.Life(), counted()
    with life.start(60):
        life.submitted()
        for _ in range(2):
            life.saw(Job("7", state, "node1", None) if state else None, stopping=False)
    assert counted() - before == 1


@pytest.mark.parametrize(("node", "reason"), [(True, "node_failure"), (False, "other")])
def test_a_server_that_answers_no_more_is_counted(node: bool, reason: str) -> None:
    """A server that the hub's own knocks find gone is one failure at work, though Slurm says later that it ended."""

    def counted() -> float:
        labels = {"when": "work", "reason": reason}
        return REGISTRY.get_sample_value("aula_spawner_failures_total", labels) or 0

    life, before = metrics.Life(), counted()
    life.saw(Job("7", "RUNNING", "node1", None), stopping=False)
    life.lost(node=node)
    life.saw(Job("7", "NODE_FAIL", "node1", None), stopping=False)
    assert counted() - before == 1


@pytest.mark.parametrize(
    ("complaint", "reason"),
    [("Invalid account", "refused"), ("Unable to contact slurm controller (connect failure)", "batch_system_silent")],
)
def test_a_job_that_slurm_does_not_take_is_counted(
    hub: HubDouble, slurm: SlurmDouble, complaint: str, reason: str
) -> None:
    """Slurm's refusal and Slurm's silence are told apart."""
    growth = Growth(hub)
    slurm.answer("sbatch", complaint=f"sbatch: error: {complaint}", status=1)
    hub.ask("POST", "/users/ana/server")
    growth.comes(f"aula_spawner_failures_total,{reason},start")
    assert growth.of("aula_spawner_starts_total,failed") == 1


def test_a_start_that_is_given_up_is_no_failure(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Who stops a server that waits leaves no failure behind."""
    growth = Growth(hub)
    begin(hub, slurm)
    hub.ask("DELETE", "/users/ana/server", hub.token_of("ana"))
    growth.comes("aula_spawner_starts_total,given_up")
    hub.wait_until("ana", ready=False)
    assert growth.of("aula_spawner_starts_total,failed") == 0
    assert growth.of("aula_spawner_waiting_servers,queue") == 0


async def test_a_start_that_takes_too_long_is_a_failure() -> None:
    """A start that JupyterHub ends at its time limit is told from one that somebody gave up."""

    async def endless(start_timeout: float) -> None:
        with metrics.Life().start(start_timeout):
            await asyncio.sleep(60)

    def failed() -> float:
        labels = {"when": "start", "reason": "start_timeout"}
        return REGISTRY.get_sample_value("aula_spawner_failures_total", labels) or 0

    before = failed()
    for start_timeout, counted in ((60, 0), (0.6, 1)):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(endless(start_timeout), 0.6)
        assert failed() - before == counted


def test_a_server_that_ends_by_itself_is_counted(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """A server whose job Slurm ended while somebody worked is a failure by its reason; one that they stop is none."""
    growth = Growth(hub)
    bring_up(hub, slurm, server_port)
    hub.ask("DELETE", "/users/ana/server")
    hub.wait_until("ana", ready=False)
    assert growth.of("aula_spawner_jobs,running") == 0
    number = bring_up(hub, slurm, server_port)
    slurm.set_state(number, "OUT_OF_MEMORY")
    time.sleep(1)  # what the watcher saw a moment ago is not asked again
    hub.ask("POST", "/users/ana/server")  # JupyterHub looks whether it runs before it starts another
    growth.comes("aula_spawner_failures_total,out_of_memory,work")
    assert sum(growth.of(f"aula_spawner_failures_total,{one},work") for one in metrics.REASONS) == 1
    assert growth.of("aula_spawner_starts_total,ready") == 2


def test_a_start_that_a_killed_hub_leaves_is_counted_by_the_next(
    hub: HubDouble, slurm: SlurmDouble, server_port: int
) -> None:
    """A hub that takes up a start of its predecessor's counts it as waiting, and then as ready."""
    number, token = begin(hub, slurm)
    hub.kill()
    hub.start()
    growth = Growth(hub)
    assert values(hub)["aula_spawner_waiting_servers,queue"] == 1
    slurm.set_state(number, "RUNNING")
    hub.ask("POST", "/aula/port", token, json={"port": server_port})
    growth.comes("aula_spawner_starts_total,ready")
    assert values(hub)["aula_spawner_waiting_servers,queue"] == 0


def test_the_queues_age_and_errors_are_told(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A look that goes well is timed and dated; one that fails is counted, and the date stays."""
    growth = Growth(hub)
    begin(hub, slurm)
    growth.comes("aula_spawner_jobs,pending")
    assert growth.of("aula_spawner_queue_look_seconds_count") >= 1
    assert abs(values(hub)["aula_spawner_queue_last_look_timestamp_seconds"] - time.time()) < 5
    slurm.answer("squeue", complaint="slurm_load_jobs error: Socket timed out", status=1)
    time.sleep(1)
    seen = values(hub)["aula_spawner_queue_last_look_timestamp_seconds"]
    time.sleep(2)
    assert values(hub)["aula_spawner_queue_last_look_timestamp_seconds"] == seen
    assert growth.of("aula_spawner_queue_look_errors_total") >= 2


def test_only_the_monitoring_reads_them(hub: HubDouble) -> None:
    """Nobody reads the metrics without the right to, trainees and other services included; it gives no other right."""
    assert scrape(hub).status_code == 200
    for token in (hub.token_of("ana"), hub.token_of("ines"), ADMIN_TOKEN, "", "x" * 32):
        assert scrape(hub, token).status_code == 403
    for path in ("/users", "/groups", "/users/ana", "/services"):
        assert hub.ask("GET", path, MONITORING_TOKEN).status_code == 403


def test_no_label_names_anybody(hub: HubDouble, slurm: SlurmDouble, server_port: int) -> None:
    """Of labels and their values there are as many as were stated, whoever starts a server."""
    bring_up(hub, slurm, server_port)
    allowed = {
        "outcome": set(metrics.OUTCOMES),
        "step": set(metrics.STEPS),
        "when": set(metrics.TIMES),
        "reason": set(metrics.REASONS),
        "state": {state.lower() for state in metrics.STATES},
    }
    told = [sample for family in text_string_to_metric_families(scrape(hub).text) for sample in family.samples]
    labels = {pair for sample in told if sample.name.startswith("aula_spawner_") for pair in sample.labels.items()}
    assert {value for name, value in labels if name != "le" and value not in allowed[name]} == set()
    assert {name for name, _ in labels} == {"le", *allowed}


@pytest.mark.parametrize("name", ["dashboard.json", "alerts.yml"])
def test_all_that_is_drawn_and_watched_is_told(hub: HubDouble, name: str) -> None:
    """Each metric that the dashboard and the alerts name is one that the hub tells; the dashboard draws all of ours."""
    told = {sample.name for family in text_string_to_metric_families(scrape(hub).text) for sample in family.samples}
    named = set(METRIC.findall((MONITORING / name).read_text(encoding="utf-8")))
    assert named
    assert named - told == set()
    if name == "dashboard.json":
        ours = {one for one in told if one.startswith("aula_spawner_") and not one.endswith("_created")}
        assert {PART.sub("", one) for one in ours} - {PART.sub("", one) for one in named} == set()


def test_the_dashboard_is_what_grafana_imports() -> None:
    """Each panel has a title, a place of its own, and at least one question to the data source that is chosen."""
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    assert dashboard["id"] is None
    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels) >= 8
    for panel in panels:
        assert panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        assert [target["expr"] for target in panel["targets"]]
