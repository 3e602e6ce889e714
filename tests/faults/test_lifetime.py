"""The end of a server: warned of in JupyterLab, put off by its owner, and with documents saved before it."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy import accounts
from deploy.classroom import hub
from deploy.lock import exclusive
from deploy.settings import Settings
from tests.classroom import Classroom
from tests.faults.kernel import begin_to_sleep
from tests.faults.parts import answers
from tests.integration.person import Person, alone, wait_for
from tests.journey.browser import chromium, page_of, picture, sign_in
from tests.journey.lab import Lab

# A daemon outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

IDLE_S, WALLTIME_S = 60, 180
AUTOSAVED_S = 120
"""Seconds after which JupyterLab saves by itself."""


@pytest.fixture
def short_lives(classroom: Classroom) -> Iterator[None]:
    """Servers live for three minutes, and for one without work: Slurm counts in minutes."""
    settings = classroom.settings
    slurm = replace(settings.site.slurm, idle_minutes=IDLE_S // 60, walltime="00:03:00")
    _set(replace(settings, described=replace(settings.site, slurm=slurm)))
    yield
    _set(settings)


def _set(settings: Settings) -> None:
    with exclusive(settings.state, patience=60):
        hub.up(settings)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as running:
        yield running


def at_lab(browser: Browser, person: Person) -> Page:
    """Start a person's server in a browser of their own, and wait for JupyterLab."""
    page = page_of(browser)
    there = person.classroom
    sign_in(page, there.address, person.name, there.password(person.who), then="%2Fhub%2Fspawn")
    Lab(page).ready()
    return page


def notice(page: Page, words: str) -> None:
    """Wait for a notification."""
    expect(page.locator(".jp-toast-message", has_text=words)).to_be_visible(timeout=IDLE_S * 1000)


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("short_lives")
def test_servers_end_when_they_should(classroom: Classroom, browser: Browser) -> None:
    """An idle server ends after a warning, later where its owner wishes; one that computes ends when its time is over.

    Both are told so. What its owner typed shortly before the end is on the disk, and they could have begun anew.
    """
    with ExitStack() as stack:
        bruno, carla, deniz = (stack.enter_context(alone(classroom, who)) for who in ("bruno", "carla", "deniz"))

        idle = at_lab(browser, deniz)
        busy = at_lab(browser, bruno)
        opened = time.monotonic()
        with ThreadPoolExecutor(1) as thread:  # Playwright's own loop runs in this one
            thread.submit(asyncio.run, begin_to_sleep(bruno, WALLTIME_S)).result()
        path = bruno.create_at_server("api/contents", {"type": "file", "ext": ".txt"}).json()["path"]
        busy.goto(f"{classroom.server('bruno')}/lab/tree/{path}")
        Lab(busy).ready()
        document = busy.locator(".jp-FileEditor .cm-content").filter(visible=True)
        document.wait_for()

        notice(idle, "Nothing has run here")
        picture(idle, "idle-warning")
        idle.get_by_role("button", name="Keep it running").click()
        kept = time.monotonic()
        expect(idle.locator(".jp-toast-message", has_text="Nothing has run here")).to_be_hidden()

        fresh = at_lab(browser, carla)
        notice(fresh, "Less than 5 minutes left")
        (before,) = carla.jobs()
        fresh.get_by_role("button", name="Save all and start anew").click()
        wait_for(lambda: carla.jobs() and carla.jobs()[0].id != before.id, "a new job was submitted")
        assert carla.ready()["ready"]
        carla.stop()

        wait_for(lambda: not deniz.server(), "the idle server ended", within=2 * IDLE_S)
        assert time.monotonic() - kept > IDLE_S - 1
        notice(idle, "because nothing ran on it")
        assert answers(bruno), "a server whose kernel computes was ended"

        time.sleep(max(0.0, opened + AUTOSAVED_S + 5 - time.monotonic()))
        assert not busy.locator(".jp-toast-message", has_text="Nothing has run here").count()
        document.click()
        busy.keyboard.type("typed in the last minute")
        notice(busy, "Less than 5 minutes left")
        picture(busy, "time-warning")
        wait_for(lambda: not bruno.server(), "the time of the server was over", within=WALLTIME_S)
        notice(busy, "because its time was over")
        saved = accounts.home(classroom.settings, bruno.name) / path
        assert saved.read_text() == "typed in the last minute"
