"""The preview in Chromium: pages reload by themselves, stay where they were, and can be read by everybody."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.aula.press.test_book_pages import findings
from tests.aula.preview.running import Running
from tests.aula.preview.test_preview import LESSON, TASK, edited, waits_for
from tests.journey.browser import DESKTOP, PHONE, chromium, page_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as started:
        yield started


def opened(browser: Browser, shown: Running, size: dict[str, int], scheme: str = "light") -> Page:
    """Return a page of a browser that was given the printed address."""
    page = page_of(browser, size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal of the two
    page.goto(shown.printed)
    page.wait_for_url(f"{shown.base}/")
    return page


def wrong_with(page: Page) -> list[str]:
    """Return what axe finds; it looks again where the page reloaded meanwhile."""
    for _ in range(5):
        with suppress(Error):
            return findings(page)
        page.wait_for_load_state()
    return findings(page)


def test_an_open_page_reloads_by_itself_where_it_was(browser: Browser, shown: Running) -> None:
    """Whoever reads the end of a page sees what is saved, and still the end."""
    shown.see(LESSON, "twice: 6 a,b")
    page = opened(browser, shown, {"width": 900, "height": 300})
    page.goto(f"{shown.base}/{LESSON}")
    page.get_by_text("As it is in your folder").wait_for()
    page.evaluate("window.scrollTo(0, 300)")
    with edited(shown.course / "lessons/01-hello.md", "# Hello\n", "# Good morning\n"):
        page.get_by_role("heading", name="Good morning").wait_for()
        page.wait_for_function("scrollY > 200")


def test_the_bar_says_what_is_done(browser: Browser, shown: Running, tmp_path: Path) -> None:
    """While a lesson runs the page says so, and outputs come by themselves."""
    page = opened(browser, shown, DESKTOP)
    page.goto(f"{shown.base}/{LESSON}")
    code, seen = 'print("solved")', tmp_path / "seen"
    with edited(shown.course / "lessons/01-hello.md", code, f"{waits_for(seen)}{code}"):
        page.get_by_text("Running cell").wait_for()
        seen.touch()
        page.get_by_text("The code of this page last ran on").wait_for()


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light-desktop", "dark-phone"])
def test_axe_finds_nothing(browser: Browser, shown: Running, scheme: str, size: dict[str, int]) -> None:
    """Neither the list nor a page violates WCAG 2.2 AA or is wider than the screen, whether sound or to mend."""
    page = opened(browser, shown, size, scheme)
    wrong = {"list": wrong_with(page)}
    for address in (LESSON, TASK):
        page.goto(f"{shown.base}/{address}")
        page.locator(".aula-preview p").wait_for()
        wrong[address] = wrong_with(page)
    page.goto("about:blank")  # the open page would reload while the next is asked for
    with edited(shown.course / "course.yml", "summary:", "sumary:"):
        shown.see(LESSON, "course.yml, line 2")
        page.goto(f"{shown.base}/{LESSON}")
        wrong["to mend"] = wrong_with(page)
    assert {name: said for name, said in wrong.items() if said} == {}
