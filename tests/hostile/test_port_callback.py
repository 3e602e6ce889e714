"""HOSTILE.md 1: what is posted to the hub in the place of a port, while a start waits for it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from aula_spawner.callback import PATH, STOCK_PATH
from aula_spawner.spawner import AulaSpawner

from deploy import demo
from tests.classroom import Classroom
from tests.integration.person import Person, held, wait_for

PLACE = PATH.removeprefix("/api/")
BODIES = [
    *("", "{", "null", "[]", "5555", '"5555"', "[5555]", '{"port"}', "\x00", "port=5555", '{"port": 05555}'),
    *('{"port": "5555"}', '{"port": 5555.0}', '{"port": 5.555e3}', '{"port": true}', '{"port": null}'),
    *('{"port": [5555]}', '{"port": {"port": 5555}}', '{"port": NaN}', '{"port": Infinity}'),
    *('{"port": 0}', '{"port": 80}', '{"port": 1023}', '{"port": 65536}', '{"port": 70000}', '{"port": -5555}'),
    *('{"port": 1e400}', '{"port": ' + "9" * 500 + "}", '{"port": ' + "9" * 5000 + "}", "[" * 900),
    *('{"port": 80, "port": 5555}', '{"port": 5555, "port": 5555}', '{"Port": 5555}', '{"port ": 5555}', "{}"),
    *('{"port": 5555, "ip": "10.0.0.1"}', '{"port": 5555, "": 1}', '{"port": 5555} {"port": 5555}'),
    '{"port": 5555}' + " " * 2000,
]


@dataclass(frozen=True)
class Waiting:
    """A start that waits in the queue: who starts, the token that its job was given, and the job."""

    person: Person
    token: str
    job: str

    def post(self, body: str | bytes, token: str | None = None) -> requests.Response:
        """Post a body where jobs report their port."""
        return requests.post(
            f"{self.person.hub}/api/{PLACE}",
            data=body,
            headers={"Authorization": f"token {self.token if token is None else token}"},
            timeout=30,
        )

    def known(self) -> tuple[object, ...]:
        """Return everything that the hub knows about the start: in its database, and in its memory as it tells it."""
        where = f"file:{self.person.classroom.settings.state}/hub/jupyterhub.sqlite?mode=ro"
        columns = (
            "spawners.state, spawners.user_options, spawners.server_id, servers.ip, servers.port, servers.base_url"
        )
        question = (
            f"SELECT {columns} FROM spawners JOIN users ON users.id = spawners.user_id "  # noqa: S608  all of it is ours
            "LEFT JOIN servers ON servers.id = spawners.server_id WHERE users.name = ? AND spawners.name = ''"
        )
        database = sqlite3.connect(where, uri=True)
        try:
            row = database.execute(question, [self.person.name]).fetchone()
        finally:
            database.close()
        server: dict[str, Any] = self.person.server()
        return (*row, server["pending"], server["ready"], server["url"], server["user_options"])


def token_of(classroom: Classroom, job: str) -> str:
    """Return the token in a waiting job's environment, which only root and the job itself can read."""
    kept = classroom.settings.state / "slurm" / "controller"
    (path,) = wait_for(lambda: list(kept.glob(f"hash.*/job.{job}/environment")), "the job's environment is kept")
    variables = dict(part.split(b"=", 1) for part in path.read_bytes()[4:].split(b"\0") if b"=" in part)
    return variables[b"JUPYTERHUB_API_TOKEN"].decode()


@pytest.fixture(scope="module")
def waiting(classroom: Classroom, deniz: Person) -> Iterator[Waiting]:
    """A start of deniz that waits in the queue while the tests of this file try to disturb it."""
    with held(deniz):
        job = deniz.begin().id
        yield Waiting(deniz, token_of(classroom, job), job)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:30]))
def test_anything_but_one_port_changes_nothing(waiting: Waiting, body: str) -> None:
    """A body that is not exactly one whole number from 1024 to 65535 is a 400 in plain words and changes nothing."""
    before = waiting.known()
    answer = waiting.post(body)
    assert answer.status_code == 400
    assert '{"port": N}' in answer.json()["message"]
    assert waiting.known() == before


def test_no_attribute_of_the_spawner_can_be_set(waiting: Waiting) -> None:
    """Each attribute that a spawner has, alone or beside a good port, is a 400 and changes nothing."""
    names = sorted({*AulaSpawner.class_trait_names(), *dir(AulaSpawner), "port\n", "__class__", "constructor"})
    assert len(names) > 200
    before = waiting.known()
    for name in set(names) - {"port"}:
        for body in ({name: 5555}, {"port": 5555, name: "x"}):
            assert waiting.post(json.dumps(body)).status_code == 400, name
    assert waiting.known() == before


def test_only_the_starts_own_token_counts(classroom: Classroom, waiting: Waiting) -> None:
    """No token, a made-up one, the person's own, a neighbour's and the formgrader's are all a 403."""
    neighbour = Person(classroom, "bruno")
    service = (classroom.settings.state / "secrets" / f"service-{demo.RUN}.token").read_text()
    before = waiting.known()
    for token in ("", "0" * 32, waiting.person.token, neighbour.token, service, waiting.token[:-1]):
        assert waiting.post('{"port": 5555}', token).status_code == 403
    assert waiting.known() == before


def test_a_session_in_a_browser_is_no_token(waiting: Waiting) -> None:
    """A page that the person looks at cannot report a port with the person's cookies."""
    person = waiting.person
    before = waiting.known()
    answer = person.session.post(
        f"{person.hub}/api/{PLACE}",
        data='{"port": 5555}',
        headers={"X-XSRFToken": person.xsrf, "Referer": f"{person.hub}/home"},
        timeout=30,
    )
    assert answer.status_code == 403
    assert waiting.known() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_answered(waiting: Waiting, method: str) -> None:
    """Any other method is refused and changes nothing."""
    before = waiting.known()
    answer = waiting.person.api(method, PLACE, {"port": 5555}, token=waiting.token)
    assert answer.status_code == 405
    assert waiting.known() == before


def test_the_stock_endpoint_is_gone(waiting: Waiting) -> None:
    """batchspawner's own endpoint, which sets whatever it is sent, does not exist."""
    before = waiting.known()
    answer = waiting.person.api("POST", STOCK_PATH.removeprefix("/api/"), {"port": 5555}, token=waiting.token)
    assert answer.status_code == 404
    assert waiting.known() == before


def test_a_port_is_taken_once(waiting: Waiting) -> None:
    """The first good port is taken; a second one, also the same again, is a 400 and changes nothing."""
    assert waiting.post('{"port": 45555}').status_code == 200
    taken = waiting.known()
    assert taken[4] == 45555
    for port in (45556, 45555):
        answer = waiting.post(json.dumps({"port": port}))
        assert answer.status_code == 400
        assert "reported its port already" in answer.json()["message"]
    assert waiting.known() == taken


def test_after_it_all_a_start_works(classroom: Classroom, waiting: Waiting) -> None:
    """A start given up after the attacks ends; the next one works, and its token has no power over the port."""
    person = waiting.person
    person.stop()
    assert waiting.post('{"port": 45557}').status_code == 403
    next_job = person.begin().id
    token = token_of(classroom, next_job)
    classroom.slurm("sacctmgr", "--immediate", "modify", "user", person.name, "set", "MaxJobs=-1")
    person.ready()
    assert person.at_server("api/status").status_code == 200
    running = Waiting(person, token, next_job)
    before = running.known()
    answer = running.post('{"port": 45558}')
    assert answer.status_code == 400
    assert "not starting" in answer.json()["message"]
    assert running.known() == before
    assert person.at_server("api/status").status_code == 200
