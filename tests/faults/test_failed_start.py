"""A server that cannot start on the real cluster: who waits reads why within seconds, with the end of its log."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from playwright.sync_api import expect

from deploy.classroom import run
from tests.classroom import Classroom
from tests.integration.person import alone
from tests.journey.browser import DESKTOP, PHONE, chromium, page_of, picture, sign_in

MISTAKE = "\nc.ServerApp.port = 'the wrong port'\n"


@contextmanager
def mistaken(classroom: Classroom) -> Iterator[None]:
    """Have a mistake in the site's configuration of servers, while the block lasts."""
    configuration = run.jupyter(classroom.settings) / "jupyter_server_config.py"
    right = configuration.read_text()
    configuration.write_text(right + MISTAKE)
    try:
        yield
    finally:
        configuration.write_text(right)


def test_who_waits_reads_why_and_the_end_of_the_log(classroom: Classroom) -> None:
    """A mistake in the site's configuration ends the job; its words are there within 10 s, and no job is left."""
    with alone(classroom, "deniz") as deniz:
        with mistaken(classroom):
            began = time.monotonic()
            assert deniz.api("POST", f"users/{deniz.name}/server").status_code in (201, 202)
            address = f"{deniz.hub}/api/users/{deniz.name}/server/progress"
            headers = {"Authorization": f"token {deniz.token}"}
            answer = requests.get(address, headers=headers, timeout=60)
            took = time.monotonic() - began
        event = json.loads([line[5:] for line in answer.text.splitlines() if line.startswith("data:")][-1])
        said, _, log = event["message"].partition("\n\n")
        assert event["failed"]
        assert "before JupyterLab was ready" in said
        assert "the wrong port" in log
        assert deniz.token not in log
        assert took < 20
        assert deniz.jobs() == []
        assert deniz.start()["ready"]


def test_the_page_says_so_too(classroom: Classroom) -> None:
    """In a browser on a phone: the reason and the log, and no line is wider than the screen; the next start works."""
    with alone(classroom, "deniz") as deniz, chromium() as browser:
        page = page_of(browser, PHONE)
        with mistaken(classroom):
            sign_in(page, classroom.address, deniz.name, classroom.password("deniz"), then="%2Fhub%2Fspawn")
            page.get_by_role("button", name="Start JupyterLab").click()
            expect(page.locator("#progress-message")).to_contain_text("before JupyterLab was ready", timeout=30_000)
            expect(page.get_by_text("the wrong port")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture(page, "phone-failed-start")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a TypedDict of the same keys
        picture(page, "failed-start")
        assert deniz.start()["ready"]
