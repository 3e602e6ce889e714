"""TLS between hub, proxy and servers, as the deployment sees it: who is told what; no switch loses a server."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.classroom import internal_tls
from deploy.errors import DeployError
from deploy.settings import Settings


@pytest.fixture
def encrypted(settings: Settings) -> Settings:
    """The classroom with internal TLS."""
    return replace(settings, internal_tls=True)


def hub_of(settings: Settings, *, encrypted: bool, running: str = "") -> None:
    """Write what a hub leaves behind: its settings, and who has a server."""
    folder = settings.state / "hub"
    folder.mkdir(parents=True)
    tls = internal_tls.hub_settings(replace(settings, internal_tls=encrypted))
    (folder / "settings.json").write_text(json.dumps({"internal_tls": tls}))
    with closing(sqlite3.connect(folder / "jupyterhub.sqlite")) as database, database:
        database.execute("CREATE TABLE users (id INTEGER, name TEXT)")
        database.execute("CREATE TABLE spawners (user_id INTEGER, server_id INTEGER)")
        database.executemany("INSERT INTO users VALUES (?, ?)", [(1, "ana"), (2, "bruno")])
        database.executemany("INSERT INTO spawners VALUES (?, ?)", [(1, 7 if running == "ana" else None), (2, None)])


def test_the_environment_switches_it_on_this_machine(tmp_path: Path) -> None:
    """A classroom of this machine speaks plainly unless INTERNAL_TLS=1, and passes that on to its own processes."""
    given = {"STATE": str(tmp_path / "a"), "PREFIX": str(tmp_path / "b")}
    plain = Settings.from_environment(given)
    assert not internal_tls.wanted(plain)
    assert "INTERNAL_TLS" not in plain.environment_variables
    encrypted = Settings.from_environment({**given, "INTERNAL_TLS": "1"})
    assert internal_tls.wanted(encrypted)
    assert Settings.from_environment(encrypted.environment_variables) == encrypted


def test_services_speak_to_the_hub_through_the_proxy(settings: Settings, encrypted: Settings) -> None:
    """With it programs on this machine need no certificate: the proxy shows its own. Nodes get an https address."""
    assert internal_tls.hub_api(settings) == settings.site.hub_api == "http://10.199.199.1:8081/"
    assert encrypted.site.hub_api == "https://10.199.199.1:8081/"
    assert internal_tls.hub_api(encrypted) == "http://127.0.0.1:23400/"


def test_the_proxy_demands_certificates_on_both_sides(settings: Settings, encrypted: Settings) -> None:
    """The proxy's own API takes no one without a certificate, and it believes no server without one."""
    assert not [word for word in internal_tls.proxy_arguments(settings) if "ssl" in word]
    words = internal_tls.proxy_arguments(encrypted)
    for side in ("api", "client"):
        assert {f"--{side}-ssl-request-cert", f"--{side}-ssl-reject-unauthorized"} <= set(words)
        for what in ("key", "cert", "ca"):
            (word,) = [word for word in words if word.startswith(f"--{side}-ssl-{what}=")]
            assert str(internal_tls.folder(encrypted)) in word


@pytest.mark.parametrize(("was", "wanted", "words"), [(False, True, "switched on"), (True, False, "switched off")])
def test_a_switch_that_would_lose_a_server_is_refused(settings: Settings, was: bool, wanted: bool, words: str) -> None:
    """While somebody's server runs internal TLS is not switched: who runs it reads whose, and what helps."""
    hub_of(settings, encrypted=was, running="ana")
    with pytest.raises(DeployError, match=rf"{words}.*: ana\. Nothing was changed"):
        internal_tls.lose_nobody(replace(settings, internal_tls=wanted))
    internal_tls.lose_nobody(replace(settings, internal_tls=was))


def test_without_servers_it_is_switched(settings: Settings, encrypted: Settings) -> None:
    """Where nobody's server runs, or there has been no hub yet, nothing is in the way."""
    internal_tls.lose_nobody(encrypted)
    hub_of(settings, encrypted=False)
    internal_tls.lose_nobody(encrypted)
    (settings.state / "hub" / "jupyterhub.sqlite").unlink()
    internal_tls.lose_nobody(encrypted)
