"""Ready at nine: an instructor starts everybody's server before the class, and stops what nobody has used."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import pytest
from playwright.sync_api import Browser, expect

from deploy import demo
from tests.classroom import Classroom
from tests.integration.person import Person, alone, wait_for
from tests.journey.browser import PHONE, chromium, page_of, picture, sign_in

TRAINEES = ("ana", "bruno", "carla", "deniz")
CLICK_S = 0.5
# The proxy's note of a server's route is nobody's use of it until so long after it was ready.
SETTLES_S = 11


@pytest.fixture(scope="module")
def browser(classroom: Classroom) -> Iterator[Browser]:
    """Chromium, with a page and cookies of its own for each person."""
    with chromium(classroom.settings.site.certificate) as running:
        yield running


def click(person: Person) -> float:
    """Open a running JupyterLab, and return after how many seconds its page answered."""
    began = time.monotonic()
    assert person.at_server("lab").status_code == 200
    return time.monotonic() - began


def test_an_instructor_has_everybody_ready(classroom: Classroom, browser: Browser) -> None:
    """One press starts all servers and the page says who is ready; a click then waits for nothing; the unused end."""
    with ExitStack() as stack:
        ana, *others = [stack.enter_context(alone(classroom, who)) for who in TRAINEES]
        page = page_of(browser)
        then = f"%2Fservices%2Fportal%2Fruns%2F{demo.RUN}"
        sign_in(page, classroom.address, classroom.name("ines"), classroom.password("ines"), then=then)
        page.get_by_role("link", name="Servers: who is ready").click()
        expect(page.get_by_text("0 of 4 servers are ready")).to_be_visible()
        page.get_by_role("button", name="Start everybody's servers").click()
        expect(page.get_by_text("4 of 4 servers are ready")).to_be_visible(timeout=120_000)
        picture(page, "servers-ready")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same keys
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture(page, "phone-servers-ready")
        time.sleep(SETTLES_S)
        assert median(click(ana) for _ in range(10)) < CLICK_S
        page.get_by_role("button", name="Stop those that nobody has used").click()
        for other in others:
            wait_for(lambda other=other: not other.server(), f"the unused server of {other.name} has ended")
        assert ana.server()["ready"]
        expect(page.get_by_text("1 of 4 servers are ready")).to_be_visible()
