"""Signing in by a password: right and wrong ones, unknown and closed people, too many attempts; groups afterwards."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import HTTPError

from aula.people import enrolments, persons, runs
from aula.people.database import Database
from aula.people.passwords import NOBODY, ScryptHash
from aula.people.throttle import Throttle
from hub_config.identity import PeopleAuthenticator
from tests.spawners.hub_double import PASSWORD, class_of_three


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Database]:
    """A database with ana, carla and ines."""
    found = class_of_three(f"sqlite:///{tmp_path}/people.sqlite")
    yield found
    found.close()


@pytest.fixture
def authenticator(people: Database) -> Iterator[PeopleAuthenticator]:
    """An authenticator that asks the database."""
    found = PeopleAuthenticator(people_database=str(people.url))
    yield found
    found._database.close()


async def _sign_in(authenticator: PeopleAuthenticator, name: str, password: str, address: str = "10.0.0.1") -> Any:
    handler = SimpleNamespace(request=SimpleNamespace(remote_ip=address), find_user=lambda _: None)
    found = await authenticator.get_authenticated_user(handler, {"username": name, "password": password})
    return found and found["name"]


def _person(name: str, *groups: str, admin: bool = False) -> Any:
    """Return somebody as the hub knows them before its first look at their password."""
    members = [SimpleNamespace(name=group) for group in groups]
    return SimpleNamespace(name=name, admin=admin, groups=members, user_info=None)


async def _groups(authenticator: PeopleAuthenticator, user: Any) -> list[str]:
    """Refresh somebody, and return the groups that they are in afterwards."""
    found = await authenticator.refresh_user(user)
    assert isinstance(found, dict)
    user.user_info, user.groups = found["user_info"], [SimpleNamespace(name=name) for name in found["groups"]]
    assert await authenticator.refresh_user(user) is True, "what is up to date is left alone"
    return [group.name for group in user.groups]


async def test_the_right_password_opens(authenticator: PeopleAuthenticator) -> None:
    """The name comes back for the right password only."""
    assert await _sign_in(authenticator, "ana", PASSWORD) == "ana"
    assert await _sign_in(authenticator, "ana", PASSWORD + " ") is None


@pytest.mark.parametrize("name", ["bruno", "", "ana\x00", "../ana", "\u0430na", "a" * 5000, "ana;id"])
async def test_others_do_not_enter(authenticator: PeopleAuthenticator, name: str) -> None:
    """Unknown and strange names are refused like a wrong password."""
    assert await _sign_in(authenticator, name, PASSWORD) is None


async def test_a_password_of_a_megabyte_is_not_computed(authenticator: PeopleAuthenticator) -> None:
    """A huge password is refused without work."""
    assert await _sign_in(authenticator, "ana", "x" * 1_000_000) is None


async def test_unknown_names_cost_the_same_work(
    authenticator: PeopleAuthenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name is compared with a stand-in, so that time does not tell who exists."""
    compared = []
    monkeypatch.setattr(ScryptHash, "matches", lambda stored, _: bool(compared.append(stored)))
    await _sign_in(authenticator, "bruno", PASSWORD)
    assert compared == [NOBODY]


async def test_guessing_is_slowed_down_for_a_name(authenticator: PeopleAuthenticator) -> None:
    """After five failures a name waits, from any address, even with the right password; others do not."""
    for number in range(5):
        assert await _sign_in(authenticator, "ana", "wrong", f"10.0.0.{number}") is None
    with pytest.raises(HTTPError, match="Wait 60 seconds") as refused:
        await _sign_in(authenticator, "ana", PASSWORD, "10.0.0.9")
    assert refused.value.status_code == 429
    assert await _sign_in(authenticator, "bruno", "wrong", "10.0.0.9") is None


async def test_guessing_is_slowed_down_for_an_address(
    authenticator: PeopleAuthenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that tries many names waits too."""
    monkeypatch.setattr(ScryptHash, "matches", lambda *_: False)  # thirty real comparisons take ten seconds
    for number in range(30):
        await _sign_in(authenticator, f"user{number}", "wrong")
    with pytest.raises(HTTPError, match="Wait"):
        await _sign_in(authenticator, "ana", PASSWORD)


async def test_signing_in_often_is_no_failure(authenticator: PeopleAuthenticator) -> None:
    """Good sign-ins do not count, however many there are."""
    for _ in range(40):
        assert await _sign_in(authenticator, "ana", PASSWORD) == "ana"


async def test_who_is_closed_does_not_enter(authenticator: PeopleAuthenticator, people: Database) -> None:
    """The right password of a closed person opens nothing, from the moment on at which they were closed."""
    assert await _sign_in(authenticator, "ana", PASSWORD) == "ana"
    with people.session() as session:
        persons.close(session, persons.get(session, "ana"))
    assert await _sign_in(authenticator, "ana", PASSWORD) is None


@pytest.mark.parametrize("name", ["nobody", "", "ana\x00", "Ana"])
async def test_the_database_is_the_list(authenticator: PeopleAuthenticator, people: Database, name: str) -> None:
    """Nobody but its people is allowed, however they were authenticated."""
    assert await authenticator.check_allowed("ana", {}) is True
    assert await authenticator.check_allowed(name, {}) is False
    with people.session() as session:
        persons.close(session, persons.get(session, "ana"))
    assert await authenticator.check_allowed("ana", {}) is False


async def test_nobody_administers_the_hub(authenticator: PeopleAuthenticator, people: Database) -> None:
    """Not even an operator; who was made an administrator at the hub is one no longer."""
    with people.session() as session:
        persons.make_operator(session, persons.get(session, "ines"), operator=True)
    handler = SimpleNamespace(request=SimpleNamespace(remote_ip="10.0.0.1"), find_user=lambda _: None)
    found = await authenticator.authenticate(handler, {"username": "ines", "password": PASSWORD})
    assert found is not None
    assert found["admin"] is False
    refreshed = await authenticator.refresh_user(_person("ines", "formgrade-hpc-demo", admin=True))
    assert isinstance(refreshed, dict)
    assert refreshed["admin"] is False


async def test_groups_follow_the_enrolments(authenticator: PeopleAuthenticator, people: Database) -> None:
    """Trainees and tutors get nbgrader's groups of their open runs; those who leave, or whose run ends, lose them."""
    user = _person("ana")
    assert await _groups(authenticator, user) == ["nbgrader-hpc-demo"]
    with people.session() as session:
        run, ana = runs.get(session, "hpc-demo"), persons.get(session, "ana")
        second = runs.create(
            session,
            "hpc-2",
            course="hpc",
            title="HPC",
            first_day=run.starts.date(),
            last_day=run.ends.date(),
            zone="UTC",
        )
        enrolments.enrol(session, second, ana, role="tutor")
    assert await _groups(authenticator, user) == ["formgrade-hpc-2", "nbgrader-hpc-demo"]
    with people.session() as session:
        enrolments.leave(session, runs.get(session, "hpc-demo"), persons.get(session, "ana"))
        runs.archive(session, "hpc-2")
    assert await _groups(authenticator, user) == []


async def test_who_is_closed_or_gone_is_signed_out(authenticator: PeopleAuthenticator, people: Database) -> None:
    """The hub asks again within seconds; then a closed person, or one whom the database never had, is out."""
    with people.session() as session:
        persons.close(session, persons.get(session, "ana"))
    assert await authenticator.refresh_user(_person("ana", "nbgrader-hpc-demo")) is False
    assert await authenticator.refresh_user(_person("bruno")) is False


async def test_a_broken_database_lets_nobody_in(authenticator: PeopleAuthenticator, people: Database) -> None:
    """Without its database the sign-in is closed, and says so without details."""
    people.close()
    Path(str(people.url.database)).write_text("this is no database, and longer than a header of one hundred bytes" * 4)
    with pytest.raises(HTTPError) as refused:
        await _sign_in(authenticator, "ana", PASSWORD)
    assert refused.value.status_code == 503
    assert "sqlite" not in str(refused.value.log_message)
    with pytest.raises(HTTPError):
        await authenticator.refresh_user(_person("ana"))


def test_without_a_provider_there_is_no_way_to_one(authenticator: PeopleAuthenticator) -> None:
    """The pages of the provider's sign-in exist only where one is configured."""
    assert authenticator.get_handlers(None) == []
    assert authenticator.login_url("/hub/") == "/hub/login"


def test_the_wait_ends() -> None:
    """The oldest failure stops counting when the window has passed."""
    now = [0.0]
    throttle = Throttle(most=2, window=60, clock=lambda: now[0])
    for moment in (0.0, 10.0):
        now[0] = moment
        throttle.count("ana")
    assert throttle.seconds_to_wait("ana") == 50
    now[0] = 60.0
    assert throttle.seconds_to_wait("ana") == 0


def test_a_flood_of_names_takes_no_memory() -> None:
    """The number of remembered keys is bounded."""
    throttle = Throttle(most=2, window=60, keys=10)
    for number in range(1000):
        throttle.count(str(number))
    assert len(throttle._failures) == 10
