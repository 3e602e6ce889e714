"""A new password signs every browser out, before a real hub."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from aula.people import passwords, persons
from tests.hub_config.oidc.provider import Browser
from tests.spawners.hub_double import PASSWORD, PORTAL_TOKEN, HubDouble

NEW = "another good password"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubDouble]:
    """A real hub."""
    folder = Path(tmp_path_factory.mktemp("hub"))
    found = HubDouble(folder, folder)
    try:
        found.start()
        yield found
    finally:
        found.kill()


def sign_in(hub: HubDouble, name: str, password: str) -> Browser:
    """Return a browser in which somebody tried to sign in."""
    browser = Browser(hub.url)
    browser.get(f"{hub.url}/login", timeout=10)
    form = {"username": name, "password": password, "_xsrf": browser.cookies["_xsrf"]}
    browser.post(f"{hub.url}/login", data=form, timeout=10, allow_redirects=False)
    return browser


def portal_token(hub: HubDouble, browser: Browser) -> str:
    """Return the token that the portal holds for a browser's owner."""
    portal = {"client_id": "service-portal", "redirect_uri": "/services/portal/oauth_callback"}
    query = {**portal, "response_type": "code", "state": "x"}
    answer = browser.get(f"{hub.url}/api/oauth2/authorize", params=query, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    form = {**portal, "client_secret": PORTAL_TOKEN, "grant_type": "authorization_code", "code": code}
    return str(requests.post(f"{hub.url}/api/oauth2/token", data=form, timeout=10).json()["access_token"])


def set_password(hub: HubDouble, name: str, password: str) -> None:
    """Set somebody's password, later than the one before."""
    time.sleep(1.1)
    with hub.people.session() as session:
        passwords.set_password(session, persons.get(session, name), password)


def test_a_new_password_signs_every_browser_out(hub: HubDouble) -> None:
    """Whoever knew the old one is out within seconds, at the portal too; running servers and other people stay."""
    with sign_in(hub, "ana", PASSWORD) as thief, sign_in(hub, "carla", PASSWORD) as other:
        assert (thief.name, other.name) == ("ana", "carla")
        held, servers = portal_token(hub, thief), hub.token_of("ana")
        assert hub.ask("GET", "/user", held).json()["name"] == "ana"
        set_password(hub, "ana", NEW)
        time.sleep(6)
        assert thief.name is None
        assert hub.ask("GET", "/user", held).status_code == 403
        assert hub.ask("GET", "/user", servers).json()["name"] == "ana"
        assert other.name == "carla"
    with sign_in(hub, "ana", NEW) as browser:
        time.sleep(6)
        assert browser.name == "ana"


def test_who_signs_in_with_the_new_one_stays(hub: HubDouble) -> None:
    """The first sign-in after the change throws the others out, and not itself."""
    with sign_in(hub, "ines", PASSWORD) as thief:
        assert thief.name == "ines"
        set_password(hub, "ines", NEW)
        with sign_in(hub, "ines", NEW) as browser:
            assert browser.name == "ines"
            assert thief.name is None
            time.sleep(6)
            assert browser.name == "ines"
