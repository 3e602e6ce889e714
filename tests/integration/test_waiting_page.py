"""Waiting in the queue, in a browser: why, for how long, at which place, and how to give up."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.classroom import Classroom
from tests.integration.person import alone, held, wait_for
from tests.journey.browser import DESKTOP, PHONE, chromium, page_of, picture, sign_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as running:
        yield running


@pytest.mark.parametrize("wide", [True, False], ids=["desktop", "phone"])
def test_who_waits_reads_why_and_can_give_up(classroom: Classroom, browser: Browser, wide: bool) -> None:
    """The page says that the job waits, at which place and since when; giving up leaves no job."""
    with alone(classroom, "deniz") as deniz, held(deniz):
        page = page_of(browser, DESKTOP if wide else PHONE)
        sign_in(page, classroom.address, deniz.name, classroom.password("deniz"), then="%2Fhub%2Fspawn")
        said = page.locator("#progress-message")
        expect(said).to_contain_text("waits in the queue")
        expect(said).to_contain_text(re.compile(r"It is number \d there\."))
        expect(page.locator("#aula-waited")).to_have_text(re.compile(r"Waiting for 0:0[3-9]|0:[1-5][0-9]"))
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
        picture(page, "waiting" if wide else "phone-waiting")
        page.get_by_role("button", name="Stop waiting").click()
        wait_for(lambda: not deniz.jobs(), "the job is gone")
        wait_for(lambda: not deniz.server(), "the hub has let go of it")
