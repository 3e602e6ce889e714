"""The connection check in a browser: a network that lets everything through, and one that does not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.classroom import Classroom
from tests.journey.browser import PHONE, chromium, page_of, picture


@pytest.fixture(scope="module")
def browser(classroom: Classroom) -> Iterator[Browser]:
    """Chromium."""
    with chromium(classroom.settings.site.certificate, classroom.resolver) as running:
        yield running


def state(page: Page, check: str) -> str | None:
    """Return how a check went."""
    return page.locator(f'[data-check="{check}"]').get_attribute("data-state")


def test_a_network_that_lets_everything_through(classroom: Classroom, browser: Browser) -> None:
    """Without signing in, a trainee reads that they are ready, and finds the text for their IT department."""
    page = page_of(browser)
    page.goto(f"{classroom.address}/hub/login")
    page.get_by_role("link", name="Check your connection").click()
    expect(page.get_by_role("status").first).to_have_text("You are ready for the class.", timeout=60_000)
    assert [state(page, check) for check in ("cookies", "download", "clock", "open", "echo", "idle")] == ["ok"] * 6
    assert state(page, "https") == ("ok" if classroom.settings.site.certificate else "note")
    expect(page.locator("#aula-it")).to_contain_text("wss://")
    picture(page, "connection")


def test_a_network_that_blocks_websockets(classroom: Classroom, browser: Browser) -> None:
    """Where WebSockets are cut, the page says so within seconds and what to do; on a phone nothing sticks out."""
    page = page_of(browser, PHONE)
    page.route_web_socket("**/connection/echo", lambda socket: socket.close(code=1011))
    page.goto(f"{classroom.address}/hub/connection")
    expect(page.get_by_role("status").first).to_contain_text("Send the text below", timeout=30_000)
    assert "failed" in [state(page, check) for check in ("open", "echo", "idle")]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, "phone-connection-blocked")
