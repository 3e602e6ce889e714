"""Who may read a preview: browsers of this machine that were given the printed address, and no other site's page."""

import pytest
import requests

from tests.aula.preview.running import PATIENCE_S, Running

LOOKS = ("/look/tokens.css", "/preview/preview.js")
PATHS = ("/", "/events", "/courses/small/index.html", *LOOKS, "/nothing")
STRANGERS = {
    "another host": {"Host": "attacker.example"},
    "another port": {"Host": "127.0.0.1:1"},
    "another origin": {"Origin": "http://attacker.example"},
    "no origin": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another port's page": {"Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_pages_of_other_sites_read_nothing(shown: Running, headers: dict[str, str]) -> None:
    """Neither a name that leads here by rebinding, nor a script elsewhere gets an answer, although it has the key."""
    for path in PATHS:
        answer = shown.browser.get(shown.base + path, headers=headers, timeout=PATIENCE_S)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_the_key_nothing_is_read(shown: Running) -> None:
    """Another account of the machine that finds the port reads nothing, nor with a key of its own."""
    for path in (*(one for one in PATHS if one not in LOOKS), "/key/guess"):
        answer = requests.get(shown.base + path, timeout=PATIENCE_S)
        assert answer.status_code == 403
        assert "Open the address that aula preview printed" in answer.text


def test_the_page_that_refuses_has_its_styles(shown: Running) -> None:
    """Whoever is refused can read why: styles are no secret."""
    for path in LOOKS:
        assert requests.get(shown.base + path, timeout=PATIENCE_S).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(shown: Running, method: str) -> None:
    """Every address is for reading only."""
    for path in PATHS:
        assert shown.browser.request(method, shown.base + path, data="x", timeout=PATIENCE_S).status_code == 405


def test_no_path_leads_out(shown: Running) -> None:
    """Files beside what is printed are not there."""
    for path in (
        "/courses/../../doctrees/environment.pickle",
        "/_static/..%2f..%2fsource%2f_toc.yml",
        "/look//etc/passwd",
    ):
        answer = requests.Request("GET", shown.base + path, cookies=shown.browser.cookies).prepare()
        answer.url = shown.base + path  # requests would tidy it
        assert shown.browser.send(answer, timeout=PATIENCE_S).status_code in (403, 404)


def test_pages_load_nothing_from_elsewhere(shown: Running) -> None:
    """A browser is told so, and not to keep a page or show it in another's frame."""
    headers = shown.browser.get(f"{shown.base}/", timeout=PATIENCE_S).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
