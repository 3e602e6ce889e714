"""The running hub tells a Prometheus, and nobody else, of a start on the real cluster."""

import requests
from prometheus_client.parser import text_string_to_metric_families

from deploy.classroom import secrets, services
from tests.classroom import Classroom
from tests.integration.person import Person


def scrape(classroom: Classroom, token: str) -> requests.Response:
    """Ask as Prometheus does, through the class's front door."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{classroom.address}/hub/metrics", headers=headers, timeout=30)


def value(classroom: Classroom, name: str, **labels: str) -> float:
    """Return one value, read with the token that the operator finds among the secrets."""
    answer = scrape(classroom, secrets.token(classroom.settings, services.service_token("monitoring")))
    assert answer.status_code == 200
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    return next(sample.value for sample in samples if sample.name == name and sample.labels == labels)


def test_a_start_is_seen(classroom: Classroom, bruno: Person) -> None:
    """A start counts once it is ready, with a time for each step; its job is among those that run."""
    counts = [("aula_spawner_starts_total", {"outcome": "ready"})]
    counts += [("aula_spawner_start_step_seconds_count", {"step": step}) for step in ("submit", "queue", "server")]
    before = [value(classroom, name, **labels) for name, labels in counts]
    bruno.start()
    for was, (name, labels) in zip(before, counts, strict=True):
        assert value(classroom, name, **labels) >= was + 1
    assert value(classroom, "aula_spawner_jobs", state="running") >= 1
    assert value(classroom, "aula_spawner_queue_look_seconds_count") > 0


def test_a_trainee_reads_none(classroom: Classroom, bruno: Person) -> None:
    """Neither a trainee's token nor their session, nor nobody, may read them."""
    assert scrape(classroom, bruno.token).status_code == 403
    assert bruno.session.get(f"{classroom.address}/hub/metrics", timeout=30).status_code == 403
    assert requests.get(f"{classroom.address}/hub/metrics", timeout=30).status_code == 403
