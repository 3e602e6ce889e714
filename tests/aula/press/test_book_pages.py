"""Every page of the book in Chromium: axe-core at WCAG 2.2 AA, light and dark, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journey.browser import DESKTOP, PHONE, chromium

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as started:
        yield started


def findings(page: Page) -> list[str]:
    """Return what is wrong with the page: what axe-core says, and whether it is wider than the screen."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}}).response["violations"]
    said = [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*said, *([f"is {width} wide"] if width > page.evaluate("innerWidth") else [])]


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light-desktop", "dark-phone"])
def test_axe_finds_nothing(browser: Browser, html: Path, scheme: str, size: dict[str, int]) -> None:
    """No page violates WCAG 2.2 AA or has to be scrolled sideways: lessons, assignments, guides, search."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    wrong = {}
    for path in sorted(html.rglob("*.html")):
        page.goto(path.as_uri())
        wrong[str(path.relative_to(html))] = findings(page)
    context.close()
    assert len(wrong) > 15
    assert {path: said for path, said in wrong.items() if said} == {}


BROKEN = """
[...document.querySelectorAll('td:not(:last-child) code .pre')]
  .filter(word => new Set([...word.getClientRects()].map(line => Math.round(line.top))).size > 1)
  .map(word => word.textContent)
"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_names_in_tables_are_not_broken(browser: Browser, html: Path, size: dict[str, int]) -> None:
    """A key or an option in a table's left columns stands on one line, however narrow the screen."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((html / "guides/course-file.html").as_uri())
    assert page.locator("td:not(:last-child) code .pre").count() > 20
    assert page.evaluate(BROKEN) == []
    context.close()


@pytest.mark.parametrize(("root", "word", "found"), [("", "slurm", "Words"), ("es", "primeras", "Hola")])
def test_search_finds_pages_of_its_language(browser: Browser, html: Path, root: str, word: str, found: str) -> None:
    """The search page lists the pages that have a word, in each language, without a server."""
    page = browser.new_page()
    page.goto(f"{(html / root / 'search.html').as_uri()}?q={word}")
    page.get_by_role("link", name=found, exact=True).first.wait_for()
    page.close()
