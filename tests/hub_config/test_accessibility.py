"""The hub's pages for everybody: axe-core at WCAG 2.2 AA, light and dark, by keyboard, at 400 % zoom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journey.browser import DESKTOP, PHONE, chromium
from tests.spawners.hub_double import PASSWORD, HubDouble
from tests.spawners.slurm_double import SlurmDouble

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ZOOMED = {"width": 320, "height": 256}
PUBLIC = "http://127.0.0.1:65000"


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> SlurmDouble:
    """A Slurm double."""
    return SlurmDouble(tmp_path_factory.mktemp("slurm") / "bin")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A real hub."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder)
    hub.start()
    yield hub
    hub.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as started:
        yield started


def page_of(browser: Browser, hub: HubDouble, language: str, scheme: str, size: dict[str, int]) -> Page:
    """Return a page of somebody who has chosen a language; there is no proxy, so the public address is the hub's."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    own = hub.url.removesuffix("/hub")
    context.add_cookies([{"name": "aula-language", "value": language, "url": own}])
    context.route(f"{PUBLIC}/**", lambda route: route.continue_(url=route.request.url.replace(PUBLIC, own)))
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def sign_in(page: Page, hub: HubDouble) -> None:
    """Sign in as Ana and open the page of servers."""
    page.goto(f"{hub.url}/login?next=/hub/home")
    page.locator("#username_input").fill("ana")
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#login_submit").click()
    expect(page.locator("#home-main")).to_be_visible()


def check(page: Page, language: str, name: str) -> None:
    """Let axe-core look at the page, which must be in this language, and take a picture for people to judge."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], name
    folder = Path("build/hub-pages")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{language}.png", full_page=True)


@pytest.mark.parametrize(
    ("language", "scheme", "size"), [("es", "light", DESKTOP), ("tr", "dark", PHONE)], ids=["es-light", "tr-dark-phone"]
)
def test_axe_finds_nothing(
    browser: Browser, hub: HubDouble, slurm: SlurmDouble, language: str, scheme: str, size: dict[str, int]
) -> None:
    """No page of the hub violates WCAG 2.2 AA: signing in, checking the connection, errors, servers, waiting."""
    page = page_of(browser, hub, language, scheme, size)
    for path in ("login", "connection", "nowhere"):
        page.goto(f"{hub.url}/{path}")
        check(page, language, path)
    page.goto(f"{hub.url}/login")
    page.locator("#username_input").fill("nobody")
    page.locator("#password_input").fill("wrong")
    page.locator("#login_submit").click()
    check(page, language, "refused")
    sign_in(page, hub)
    page.locator("summary").first.click()
    check(page, language, "home")
    number = len(slurm.jobs()) + 1
    page.locator("#start").click()
    slurm.wait_for_job(number)
    expect(page.locator("#progress-message")).to_contain_text(str(slurm.jobs()[-1]))
    check(page, language, "pending")
    slurm.set_state(slurm.jobs()[-1], "FAILED")
    expect(page.locator("a.aula-retry")).to_be_visible()
    check(page, language, "failed")
    page.goto(f"{hub.url}/spawn-pending/ana")
    check(page, language, "not-running")
    page.context.close()


def test_the_language_is_chosen_by_keyboard(browser: Browser, hub: HubDouble) -> None:
    """Tab reaches each language at the foot of the page, and Enter chooses it, without a script."""
    page = page_of(browser, hub, "en", "light", DESKTOP)
    page.goto(f"{hub.url}/login")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "ca":
            break
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ca")
    expect(page.get_by_role("button", name="Inicia la sessió")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("language", ["ro", "ca"])
def test_pages_can_be_read_at_400_percent(browser: Browser, hub: HubDouble, language: str) -> None:
    """On a screen of 1280 points at 400 % nothing has to be scrolled sideways, with the longest words too."""
    page = page_of(browser, hub, language, "light", ZOOMED)
    for path in ("login", "connection", "nowhere"):
        page.goto(f"{hub.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], path
    sign_in(page, hub)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    page.context.close()
