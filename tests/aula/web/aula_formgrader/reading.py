"""An instructor's browser, in which submissions are read: what runs in it, and what it asks for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Request, expect

from tests.aula.web.aula_formgrader.formgrader import TASK, TOKEN, Formgrader
from tests.aula.web.aula_formgrader.hostile_pages import Page as Hostile
from tests.journey.browser import chromium, page_of

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
PATIENCE_MS = 10_000


class Reading:
    """A page of the browser; whatever it asks for away from this machine is noted and not answered."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[Request] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: self.asked.append(request))
        page.route(re.compile("^https?://(?!127.0.0.1)"), lambda route: route.abort())

    def open(self, address: str) -> None:
        """Open a page; the one before asks for nothing any more."""
        self.page.goto("about:blank")
        self.asked.clear()
        self.page.goto(address)

    def nothing_ran(self, address: str) -> None:
        """Raise AssertionError where what was opened did more than show itself."""
        page, known = self.page, (address.split("/formgrader")[0], MATHJAX, "data:", "file:")
        page.wait_for_load_state("networkidle")
        assert page.title() == TASK
        assert page.url.split("?")[0] == address.split("?")[0]
        assert [one.url for one in self.asked if not one.url.startswith(known)] == []
        assert [one.url for one in self.asked if one.method != "GET" or "/hub/" in one.url] == []
        assert len(page.frames) == 1

    def grade(self, formgrader: Formgrader, student: str, hostile: Hostile) -> None:
        """Let somebody hand it in, and open it. Raises AssertionError where it is not contained.

        No script, no other page, no request; the score box is what is seen and pressed, and the mark is as it was.
        """
        submission = formgrader.course.hand_in(student, *hostile.cells, answer=hostile.answer, **hostile.files)
        address = formgrader.page(submission)
        self.open(address)
        expect(self.page.locator("input.score")).to_have_count(1)
        expect(self.page.locator(".nbgrader_cell")).to_have_count(1)
        self.page.locator("input.score#answer").click()  # fails where something lies over it
        self.page.locator("li.next a").click(trial=True)
        for link in self.page.locator("main a[href]").all():
            assert re.match("https?://|mailto:", link.get_attribute("href") or ""), link.get_attribute("href")
        self.nothing_ran(address)
        assert formgrader.course.mark(student) == (None, None, None)


@contextmanager
def reading(formgrader: Formgrader) -> Iterator[Reading]:
    """Start the browser and sign in; close it at the end."""
    with chromium() as browser:
        made = Reading(page_of(browser))
        made.page.goto(formgrader.address.replace("/formgrader", "/login"))
        made.page.locator("#password_input").fill(TOKEN)
        made.page.locator("#password_input").press("Enter")
        made.page.wait_for_url(lambda url: "/login" not in url)
        yield made
