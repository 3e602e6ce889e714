"""Signing in: right and wrong passwords, unknown people, and too many attempts."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import HTTPError

from aula.people.throttle import Throttle
from hub_config.errors import PasswordsError
from hub_config.identity import PasswordAuthenticator
from hub_config.passwords import NOBODY, ScryptHash, read_passwords
from tests.spawners.hub_double import PASSWORD, scrypt


@pytest.fixture
def authenticator(tmp_path: Path) -> PasswordAuthenticator:
    """An authenticator that knows ana."""
    path = tmp_path / "passwords.json"
    path.write_text(json.dumps({"ana": scrypt(PASSWORD)}))
    return PasswordAuthenticator(passwords_file=str(path))


async def _sign_in(authenticator: PasswordAuthenticator, name: str, password: str, address: str = "10.0.0.1") -> Any:
    handler = SimpleNamespace(request=SimpleNamespace(remote_ip=address))
    return await authenticator.authenticate(handler, {"username": name, "password": password})


async def test_the_right_password_opens(authenticator: PasswordAuthenticator) -> None:
    """The name comes back for the right password only."""
    assert await _sign_in(authenticator, "ana", PASSWORD) == "ana"
    assert await _sign_in(authenticator, "ana", PASSWORD + " ") is None


@pytest.mark.parametrize("name", ["bruno", "", "ana\x00", "../ana", "\u0430na", "a" * 5000, "ana;id"])
async def test_others_do_not_enter(authenticator: PasswordAuthenticator, name: str) -> None:
    """Unknown and strange names are refused like a wrong password."""
    assert await _sign_in(authenticator, name, PASSWORD) is None


async def test_a_password_of_a_megabyte_is_not_computed(authenticator: PasswordAuthenticator) -> None:
    """A huge password is refused without work."""
    assert await _sign_in(authenticator, "ana", "x" * 1_000_000) is None


async def test_unknown_names_cost_the_same_work(
    authenticator: PasswordAuthenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name is compared with a stand-in, so that time does not tell who exists."""
    compared = []
    monkeypatch.setattr(ScryptHash, "matches", lambda stored, _: bool(compared.append(stored)))
    await _sign_in(authenticator, "bruno", PASSWORD)
    assert compared == [NOBODY]


async def test_guessing_is_slowed_down_for_a_name(authenticator: PasswordAuthenticator) -> None:
    """After five failures a name waits, from any address, even with the right password; others do not."""
    for number in range(5):
        assert await _sign_in(authenticator, "ana", "wrong", f"10.0.0.{number}") is None
    with pytest.raises(HTTPError, match="Wait 60 seconds") as refused:
        await _sign_in(authenticator, "ana", PASSWORD, "10.0.0.9")
    assert refused.value.status_code == 429
    assert await _sign_in(authenticator, "bruno", "wrong", "10.0.0.9") is None


async def test_guessing_is_slowed_down_for_an_address(authenticator: PasswordAuthenticator) -> None:
    """An address that tries many names waits too."""
    for number in range(30):
        await _sign_in(authenticator, f"user{number}", "wrong")
    with pytest.raises(HTTPError, match="Wait"):
        await _sign_in(authenticator, "ana", PASSWORD)


async def test_signing_in_often_is_no_failure(authenticator: PasswordAuthenticator) -> None:
    """Good sign-ins do not count, however many there are."""
    for _ in range(40):
        assert await _sign_in(authenticator, "ana", PASSWORD) == "ana"


async def test_a_broken_passwords_file_lets_nobody_in(authenticator: PasswordAuthenticator) -> None:
    """Without its file the sign-in is closed, and says so without details."""
    Path(authenticator.passwords_file).write_text("{")
    with pytest.raises(HTTPError) as refused:
        await _sign_in(authenticator, "ana", PASSWORD)
    assert refused.value.status_code == 503
    assert "passwords.json" not in str(refused.value.log_message)


@pytest.mark.parametrize(
    "text",
    ["", "plain", "md5$1$2$3$c2FsdA==$eA==", "scrypt$x$8$1$c2FsdA==$" + "A" * 44, "scrypt$1024$8$1$$" + "A" * 44,
     "scrypt$1024$8$1$c2FsdA==$", "scrypt$1073741824$8$1$c2FsdA==$" + "A" * 44],
)  # fmt: skip
def test_a_broken_hash_names_its_owner(tmp_path: Path, text: str) -> None:
    """A hash that cannot be read, or would take all memory, is an error that names file and person."""
    path = tmp_path / "passwords.json"
    path.write_text(json.dumps({"ana": text}))
    with pytest.raises(PasswordsError, match=r"passwords.json: ana"):
        read_passwords(path)


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
