"""The pages for everybody: axe-core finds nothing, the keyboard is enough, and at 400 % nothing scrolls sideways."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from aula.locale import LANGUAGES
from aula.people.database import Database
from aula.release.versions import record
from tests.aula.web.portal import answering_hub
from tests.aula.web.portal.class_of_many import fill
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.running import running
from tests.journey.browser import DESKTOP, PHONE, chromium

EVERY = os.environ.get("AULA_EVERY_LANGUAGE") == "1"
"""Each page in each language; otherwise the pages take turns."""
LEVEL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %."""

# Who opens which page; INVITE and WRONG are reached by a form.
PAGES = [
    ("ana", "/"),
    ("sam", "/"),
    ("ines", "/"),
    ("clara", "/"),
    (None, "/join"),
    (None, "/join/CODE"),
    ("sam", "/join/CODE"),
    ("ana", "/join/CODE"),
    ("sam", "/join/WRONG"),
    ("ana", "/settings"),
    ("ines", "/runs/hpc-lisbon"),
    ("tiago", "/runs/hpc-lisbon"),
    ("ines", "/runs/hpc-lisbon/servers"),
    ("ana", "/runs/hpc-lisbon/assignments"),
    ("ana", "/runs/hpc-lisbon/assignments/slurm-basics/1"),
    ("ines", "/runs/hpc-lisbon/requests"),
    ("ines", "/runs/hpc-lisbon/terms"),
    ("ines", "INVITE"),
    ("ines", "/runs/hpc-lisbon/people/ana/remove"),
    ("olga", "/runs"),
    ("clara", "/company/nortada"),
    (None, "/recover/a-token"),
    (None, "REGISTERED"),
    ("ana", "/nowhere"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """A class that is only looked at."""
    database = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('people'))}/people.sqlite")
    database.upgrade()
    people = fill(database)
    histories = tmp_path_factory.mktemp("histories")
    for text in (b"1", b"2"):
        record(histories / "hpc-lisbon" / "lessons", {"a.txt": text}, "The second table was wrong.")
    with running(database, oidc_name="MyAccessID", histories=histories) as portal:
        portal.hub.settings["profiles"] += [{"name": name, "title": name.title()} for name in ("standard", "large")]
        portal.hub.settings["servers"]["hpc-lisbon"] = {"ana": {"state": "ready", "since": 1.8e9, "used": False}}
        yield Class(portal, database, people)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found


def opened(browser: Browser, place: Class, who: str | None, path: str, **context: object) -> Page:
    """Return a page that somebody has opened, in a browser of their own."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]  # passed on as they are
    if who is not None:
        cookie = {"name": answering_hub.COOKIE, "value": who, "domain": "127.0.0.1", "path": "/hub/"}
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict of the same keys
    if path == "INVITE":
        page.goto(place.portal.url("/runs/hpc-lisbon"))
        page.locator("form[action$='/invitation'] button").click()
    elif path == "REGISTERED":
        page.goto(place.portal.url(f"/join/{place.people.codes['hpc-lisbon']}"))
        page.locator("#full_name").fill("Nova Pessoa")
        page.locator("#password").fill("a good long password")
        page.locator("#again").fill("a good long password")
        page.locator("form[action$='/register'] button").click()
    else:
        page.goto(place.portal.url(path.replace("CODE", place.people.codes["hpc-lisbon"])))
    for summary in page.locator("summary").all():
        summary.click()
    return page


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark"])
@pytest.mark.parametrize("turn", range(len(LANGUAGES)) if EVERY else [0])
def test_axe_finds_nothing(place: Class, browser: Browser, scheme: str, size: dict[str, int], turn: int) -> None:
    """Every page, light on a desktop and dark on a phone, in one language after the other: no violation."""
    found = []
    for number, (who, path) in enumerate(PAGES):
        language = LANGUAGES[(number + turn + (scheme == "dark")) % len(LANGUAGES)]
        page = opened(browser, place, who, path, color_scheme=scheme, viewport=size, locale=language)
        violations = Axe().run(page, options=LEVEL).response["violations"]
        found += [(who, path, scheme, one["id"], one["nodes"][0]["html"]) for one in violations]
        page.context.close()
    assert found == []


def test_at_400_percent_nothing_scrolls_sideways(place: Class, browser: Browser) -> None:
    """At 320 pixels every page stays within its window."""
    wide = []
    for who, path in PAGES:
        page = opened(browser, place, who, path, viewport=ZOOMED, locale="tr")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append((who, path))
        page.context.close()
    assert wide == []


def test_nothing_on_a_page_breaks_its_policy(place: Class, browser: Browser) -> None:
    """No page tries to load or run what its own policy forbids, and no script fails."""
    said: list[str] = []
    page = opened(browser, place, "olga", "/join")
    page.on("console", lambda one: said.append(one.text) if "Policy" in one.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    staff = ("/runs", "/runs/hpc-lisbon", "/runs/hpc-lisbon/requests", "/company/nortada")
    for path in ("/", "/join", "/settings", *staff, "/nowhere"):
        page.goto(place.portal.url(path))
    page.locator("[data-does=theme]").click()
    page.goto(place.portal.url("/runs/hpc-lisbon"))
    page.locator("form[action$='/invitation'] button").click()
    assert page.locator(".aula-qr svg").is_visible()
    assert said == []


def test_the_keyboard_is_enough_to_join(place: Class, browser: Browser) -> None:
    """From signing in to one's courses with keys alone: the code, what it leads to, the button."""
    page = opened(browser, place, None, "/")
    page.keyboard.press("Tab")
    page.keyboard.type("sam")
    page.keyboard.press("Enter")
    page.wait_for_url(place.portal.url("/"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the content
    tab_to(page, "#code")
    page.keyboard.type(place.people.codes["hpc-izmir"].lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/join/*")
    tab_to(page, "button:has-text('Join this course')")
    page.keyboard.press("Enter")
    page.wait_for_url(place.portal.url("/"))
    assert page.get_by_role("heading", name="HPC and Slurm for companies, Istanbul").is_visible()


def test_light_or_dark_is_remembered(place: Class, browser: Browser) -> None:
    """The button turns the page, and the next page is the same."""
    page = opened(browser, place, None, "/join", color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(place.portal.url("/recover/a-token"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark != light


def tab_to(page: Page, selector: str) -> None:
    """Press the key until something has the focus, and see that each stop on the way shows it."""
    for _ in range(40):
        if page.locator(selector).first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    raise AssertionError(f"the keyboard does not reach {selector}")
