"""People's servers under names of their own: what a page on one of them can do to another's, in one browser."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.classroom import Classroom
from tests.journey.browser import chromium, page_of, sign_in
from tests.journey.lab import Lab

READ = """async ([server]) => (await fetch(server + '/api/contents', {
    credentials: 'include', headers: {'X-XSRFToken': MARK}})).status"""
TERMINALS = """async ([server]) => (await (await fetch(server + '/api/terminals', {
    headers: {'X-XSRFToken': MARK}})).json()).length"""
WRITE = """async ([server]) => (await fetch(server + '/api/contents/planted.txt', {
    method: 'PUT', credentials: 'include', headers: {'Content-Type': 'application/json', 'X-XSRFToken': MARK},
    body: JSON.stringify({type: 'file', format: 'text', content: 'planted'})})).status"""
ASK_HUB = "async ([, hub]) => (await fetch(hub + '/api/user', {credentials: 'include'})).status"
SHOOT = """([server]) => fetch(server + '/api/terminals', {method: 'POST', mode: 'no-cors', credentials: 'include',
    body: '{}'}).then(() => 'sent')"""
FRAME = """([server]) => new Promise(done => {
    const frame = document.createElement('iframe');
    frame.onload = () => done('loaded');
    frame.src = server + '/lab'; document.body.append(frame) })"""
COOKIES = "() => document.cookie"
TOSS = "([, hub]) => { document.cookie = '__Host-jupyterhub-session-id=tossed; Secure; Path=/; Domain=' + \
    new URL(hub).hostname; return document.cookie }"


@pytest.fixture(scope="module")
def browser(classroom: Classroom) -> Iterator[Browser]:
    """Chromium."""
    with chromium(classroom.settings.site.certificate, classroom.resolver) as running:
        yield running


@pytest.fixture(scope="module")
def bruno(classroom: Classroom, browser: Browser) -> Iterator[Page]:
    """Bruno's browser: signed in, with a server that runs."""
    page = page_of(browser)
    sign_in(page, classroom.address, classroom.name("bruno"), classroom.password("bruno"))
    page.get_by_role("link", name="Open in JupyterLab").click()
    page.wait_for_url(re.compile(r"/hub/spawn[/?]|/lab"))
    if "/hub/spawn" in page.url:  # another test may have started his server already
        page.get_by_role("button", name="Start JupyterLab").click()
    Lab(page).ready()
    yield page
    page.goto(f"{classroom.address}/hub/home")
    page.get_by_role("button", name="Stop my server").click()
    expect(page.get_by_text("Start JupyterLab")).to_be_visible(timeout=60_000)


def evil(classroom: Classroom, bruno: Page) -> Page:
    """Return a page of Ana's that Bruno's browser has open; she may write into it what she likes."""
    page = bruno.context.new_page()
    lure = f"{classroom.server('ana')}/lure"
    page.route(lure, lambda route: route.fulfill(body="<!doctype html><p>Look at my results", content_type="text/html"))
    page.goto(lure)
    return page


def attempt(page: Page, script: str, classroom: Classroom) -> Any:
    """Run a script in a page with the address of Bruno's server and the hub's; 'refused' where the browser refuses."""
    targets = [classroom.server("bruno"), f"{classroom.address}/hub"]
    xsrf = "document.cookie.split('_xsrf=')[1]?.split(';')[0] ?? ''"
    return page.evaluate(
        f"targets => Promise.resolve(targets).then({script.replace('MARK', xsrf)}).catch(() => 'refused')", targets
    )


def test_bruno_himself_can_all_that(classroom: Classroom, bruno: Page) -> None:
    """On his own server's pages the same scripts read and write: what the next test sees refused is not broken."""
    assert attempt(bruno, READ, classroom) == 200
    assert attempt(bruno, WRITE, classroom) in (200, 201)


def test_another_persons_page_can_do_nothing_to_his_server(classroom: Classroom, bruno: Page) -> None:
    """Ana's page in Bruno's browser neither reads, frames nor drives his server, nor asks the hub in his name."""
    page = evil(classroom, bruno)
    assert attempt(bruno, TERMINALS, classroom) == 0
    assert attempt(page, READ, classroom) == "refused"
    assert attempt(page, WRITE, classroom) == "refused"
    assert attempt(page, ASK_HUB, classroom) == "refused"
    attempt(page, FRAME, classroom)
    assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]
    assert attempt(page, COOKIES, classroom) == ""
    attempt(page, SHOOT, classroom)
    assert attempt(bruno, TERMINALS, classroom) == 0
    assert "tossed" not in attempt(page, TOSS, classroom)
    names = {cookie.get("name") for cookie in bruno.context.cookies(classroom.address)}
    assert "__Host-jupyterhub-hub-login" in names
    assert "jupyterhub-hub-login" not in names


def test_his_server_is_at_his_name_alone(classroom: Classroom, bruno: Page) -> None:
    """Neither under the hub's name nor under another person's does Bruno's server answer."""
    path = f"/user/{classroom.name('bruno')}/api/status"
    for host in (classroom.address, classroom.server("ana").partition("/user/")[0]):
        page = bruno.context.new_page()
        answer = page.goto(host + path)
        assert answer is not None
        shown = answer.status != 200 or page.url.startswith(classroom.server("bruno"))
        assert shown, (page.url, answer.status)
