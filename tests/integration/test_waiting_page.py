"""Waiting in the queue, in a browser: why, for how long, at which place, and how to give up."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from deploy import network
from tests.classroom import Classroom
from tests.integration.cores import undisturbed
from tests.integration.person import Person, alone, held, wait_for
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
        page.get_by_role("button", name="Start JupyterLab").click()
        said = page.locator("#progress-message")
        expect(said).to_contain_text("waits in the queue")
        expect(said).to_contain_text(re.compile(r"It is number \d there\."))
        expect(page.locator("#aula-waited")).to_have_text(re.compile(r"Waiting for 0:0[3-9]|0:[1-5][0-9]"))
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
        picture(page, "waiting" if wide else "phone-waiting")
        page.get_by_role("button", name="Stop waiting").click()
        wait_for(lambda: not deniz.jobs(), "the job is gone")
        wait_for(lambda: not deniz.server(), "the hub has let go of it")


@contextmanager
def crowded(person: Person) -> Iterator[None]:
    """Leave every node three cores, while the block lasts."""
    jobs = [
        person.classroom.slurm(
            *("sbatch", "--parsable", f"--uid={person.name}", f"--nodelist={node.name}", "--partition=batch"),
            *("--cpus-per-task=5", "--mem=32M", "--time=3", "--output=/dev/null", "--chdir=/", "--wrap=sleep 150"),
        ).strip()
        for node in network.nodes(person.classroom.settings)
    ]
    try:
        yield
    finally:
        person.classroom.slurm("scancel", *jobs)


def test_a_profile_is_chosen_by_keyboard_and_a_smaller_one_instead(classroom: Classroom, browser: Browser) -> None:
    """The keyboard alone chooses a large server; while the nodes are busy the page offers the one that would start."""
    with undisturbed(classroom), alone(classroom, "deniz") as deniz, crowded(deniz):
        page = page_of(browser)
        sign_in(page, classroom.address, deniz.name, classroom.password("deniz"), then="%2Fhub%2Fspawn")
        standard, large = (page.get_by_role("radio", name=name) for name in ("Standard", "Large"))
        page.get_by_role("radio", checked=True).focus()
        while not large.is_checked():
            page.keyboard.press("ArrowDown")
        expect(large).to_have_accessible_description(re.compile(r"Cores: 4 .*Nodes with room for it now: "))
        picture(page, "form")
        page.keyboard.press("Enter")
        expect(page.get_by_text("A server of the profile Standard would start now.")).to_be_visible(timeout=30_000)
        picture(page, "instead")
        (waits,) = deniz.jobs()
        page.get_by_role("button", name="Start that one instead").click()
        wait_for(lambda: [job for job in deniz.jobs() if job.id != waits.id], "another job is there")
        assert deniz.ready()
        page.wait_for_url(re.compile(f"/user/{deniz.name}/lab"))
        deniz.stop()
        page.goto(f"{classroom.address}/hub/spawn")
        expect(standard).to_be_checked()
