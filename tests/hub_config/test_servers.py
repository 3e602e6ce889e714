"""Before a server starts: who it belongs to, and with which lessons and kernels, by the database alone."""

import asyncio
import copy
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import HTTPError

from aula.people import enrolments, persons, runs
from aula.people.database import Database
from hub_config.servers import UNREADABLE, before_start
from hub_config.settings import HubSettings
from tests.spawners.class_double import make_class


@pytest.fixture
def people(settings: HubSettings) -> Iterator[Database]:
    """The class's database."""
    database = make_class(settings.people_database)
    yield database
    database.close()


def prepared(settings: HubSettings, name: str) -> Any:
    """Run the hook on a spawner of this person, and return the spawner."""
    spawner = SimpleNamespace(user=SimpleNamespace(name=name), log=logging.getLogger("test"))
    hook = copy.deepcopy(before_start(settings))  # as JupyterHub does with its configuration
    asyncio.run(hook(spawner))  # type: ignore[arg-type]  # it is a coroutine
    return spawner


@pytest.mark.parametrize(("name", "account"), [("ana", "ana"), ("ines", "train01")])
def test_a_server_gets_what_its_person_has(settings: HubSettings, people: Database, name: str, account: str) -> None:
    """The account is the person's own or the lent one; lessons and kernels are their runs'."""
    del people
    spawner = prepared(settings, name)
    assert spawner.unix_account == account
    assert spawner.lessons == ["/srv/lessons/hpc-demo"]
    assert spawner.kernel_paths == ["/srv/kernels/hpc-demo"]


def test_who_left_gets_no_server(settings: HubSettings, people: Database) -> None:
    """The hook asks each time: after leaving, the answer is a refusal in words."""
    prepared(settings, "ines")
    with people.session() as session:
        enrolments.leave(session, runs.get(session, "hpc-demo"), persons.get(session, "ines"))
    with pytest.raises(HTTPError) as caught:
        prepared(settings, "ines")
    assert caught.value.status_code == 403
    assert str(caught.value.log_message).startswith("You are in no course at the moment.")


def test_without_the_database_nothing_starts(settings: HubSettings) -> None:
    """Where nobody can be looked up the start is refused in words, and nothing is guessed."""
    with pytest.raises(HTTPError) as caught:
        prepared(settings, "ana")
    assert (caught.value.status_code, caught.value.log_message) == (503, UNREADABLE)
