"""The pages, as a real hub shows them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.spawners.hub_double import PASSWORD, HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubDouble]:
    """A real hub."""
    slurm = SlurmDouble(tmp_path_factory.mktemp("slurm") / "bin")
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder)
    hub.start()
    yield hub
    hub.kill()


def _sign_in(hub: HubDouble, name: str, password: str) -> tuple[requests.Session, requests.Response]:
    browser = requests.Session()
    browser.get(f"{hub.url}/login", timeout=10)
    form = {"username": name, "password": password, "_xsrf": browser.cookies["_xsrf"]}
    return browser, browser.post(f"{hub.url}/login", data=form, timeout=10, allow_redirects=False)


def test_the_login_page_is_ours(hub: HubDouble) -> None:
    """The page is Aula's, loads our style sheet, and both are served."""
    page = requests.get(f"{hub.url}/login", timeout=10)
    assert "<title>Sign in · Aula</title>" in page.content.decode()
    assert requests.get(f"{hub.url}/aula/static/aula.css", timeout=10).ok
    assert requests.get(f"{hub.url}/logo", timeout=10).headers["Content-Type"].startswith("image/svg")


@pytest.mark.parametrize("path", ["..%2Fsettings.py", "%2e%2e/settings.py", "../identity.py"])
def test_static_files_are_only_static_files(hub: HubDouble, path: str) -> None:
    """No path leads out of the folder of static files."""
    answer = requests.get(f"{hub.url}/aula/static/{path}", timeout=10)
    assert answer.status_code in (403, 404)


def test_too_many_attempts_are_told_in_words(hub: HubDouble) -> None:
    """The login page says how long to wait, and shows no name as markup."""
    _, answer = _sign_in(hub, "<b>x</b>", "wrong")
    assert "The user name or the password is not right." in answer.text
    assert "<b>x</b>" not in answer.text
    for _ in range(5):
        _, answer = _sign_in(hub, "carla", "wrong")
    _, answer = _sign_in(hub, "carla", PASSWORD)
    assert answer.status_code == 429
    assert "Too many sign-ins failed. Wait" in answer.text


def test_home_is_for_servers(hub: HubDouble) -> None:
    """After the sign-in people go to the portal; the hub's own page starts servers and leads back to the courses."""
    browser, answer = _sign_in(hub, "ana", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/services/portal/")
    page = browser.get(f"{hub.url}/home", timeout=10).text
    assert "Start JupyterLab" in page
    assert 'href="/services/portal/"' in page


def test_options_in_an_address_are_refused_on_a_page(hub: HubDouble) -> None:
    """A link that carries options starts nothing and says why."""
    browser, _ = _sign_in(hub, "ana", PASSWORD)
    page = browser.get(f"{hub.url}/spawn?partition=batch", timeout=10)
    assert page.status_code == 400
    assert "A server cannot be started with the option" in page.text
    assert not (hub.server("ana") or {}).get("pending")


def test_an_unknown_page_is_a_404_in_words(hub: HubDouble) -> None:
    """The page for a wrong address is ours."""
    page = requests.get(f"{hub.url}/nowhere", timeout=10)
    assert page.status_code == 404
    assert "This page does not exist" in page.text
