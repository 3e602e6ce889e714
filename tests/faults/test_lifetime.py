"""The end of a server: warned of in JupyterLab, put off by its owner, and with documents saved before it."""

import asyncio
import secrets
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from deploy import accounts
from deploy.classroom import hub
from deploy.lock import exclusive
from deploy.settings import Settings
from tests.classroom import Classroom
from tests.faults.kernel import begin_to_sleep
from tests.integration.person import Person, alone, wait_for
from tests.journey.browser import PHONE, chromium, page_of, picture, sign_in
from tests.journey.lab import Lab

# A daemon outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

IDLE_S, WALLTIME_S = 60, 180


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
    """Start a person's server and open it in a browser of their own."""
    page = page_of(browser)
    there = person.classroom
    person.start({"profile": "standard"})  # for as long as the site says, and not as was chosen last
    sign_in(page, there.address, person.name, there.password(person.who), then=f"%2Fuser%2F{person.name}%2Flab")
    Lab(page).ready()
    return page


def notice(page: Page, words: str) -> None:
    """Wait for a notification."""
    expect(page.locator(".jp-toast-message", has_text=words)).to_be_visible(timeout=IDLE_S * 1000)


def own_settings(person: Person) -> Path:
    """Return where a person's own settings of JupyterLab lie."""
    return accounts.home(person.classroom.settings, person.name) / ".aula" / "lab-settings"


def write(browser: Browser, person: Person, text: str) -> tuple[Page, Path]:
    """Begin a document in JupyterLab, which shall not save it by itself; return the page and the file."""
    page = at_lab(browser, person)
    kept_at = f"{person.classroom.server(person.who)}/lab/api/settings/@jupyterlab/docmanager-extension:plugin"
    token = {"Authorization": f"token {person.token}"}
    requests.put(kept_at, json={"raw": '{"autosave": false}'}, headers=token, timeout=30).raise_for_status()
    path = person.create_at_server("api/contents", {"type": "file", "ext": ".txt"}).json()["path"]
    empty = f"test-{secrets.token_hex(4)}"  # a workspace in which nothing comes back that was open before
    page.goto(f"{person.classroom.server(person.who)}/lab/workspaces/{empty}/tree/{path}")
    Lab(page).ready()
    document = page.locator(".jp-FileEditor .cm-content").filter(visible=True)
    document.fill(text)
    expect(document).to_have_text(text)
    return page, accounts.home(person.classroom.settings, person.name) / path


def compute(person: Person) -> None:
    """Let a kernel of the person's compute for longer than the test lasts."""
    with ThreadPoolExecutor(1) as thread:  # Playwright's own loop runs in this one
        thread.submit(asyncio.run, begin_to_sleep(person, 2 * WALLTIME_S)).result()


@pytest.mark.usefixtures("short_lives")
def test_servers_end_when_they_should(classroom: Classroom, browser: Browser) -> None:
    """An idle server ends after a warning, later where its owner wishes; one that computes ends when its time is over.

    Both are told so. What its owner typed is on the disk before the end, and they could have begun anew.
    """
    with ExitStack() as stack:
        bruno, carla, deniz = (stack.enter_context(alone(classroom, who)) for who in ("bruno", "carla", "deniz"))

        stack.callback(shutil.rmtree, own_settings(bruno), ignore_errors=True)
        busy, file = write(browser, bruno, "typed before the end")
        stack.callback(file.unlink)
        compute(bruno)

        idle = at_lab(browser, deniz)
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
        compute(carla)
        classroom.slurm("scontrol", "update", f"JobId={carla.jobs()[0].id}", "TimeLimit=20")

        wait_for(lambda: not deniz.server(), "the idle server ended", within=2 * IDLE_S)
        assert time.monotonic() - kept > IDLE_S - 1
        notice(idle, "because nothing ran on it")

        picture(busy, "time-warning")
        busy.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same keys
        picture(busy, "phone-time-warning")
        wait_for(lambda: not bruno.server(), "the time of the server was over", within=WALLTIME_S)
        notice(busy, "because its time was over")
        wait_for(
            lambda: not carla.at_server("aula/lifetime").json()["notices"], "an operator's more time is noticed", 60
        )
        assert file.read_text() == "typed before the end"
