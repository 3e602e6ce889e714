"""Feedback in the portal: what a submission put into its page runs nowhere, fetches nothing, and leads nobody away."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.aula.web.portal.answering_hand_in import handed_in
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.test_accessible import opened
from tests.journey.browser import chromium

PAGE = "/runs/hpc-lisbon/assignments/slurm-basics/1"
RAW = f"{PAGE}/slurm-basics.html"
HOSTILE = """<!doctype html><html><head>
<base href="ELSEWHERE/base/" target="_top">
<meta http-equiv="refresh" content="0; url=ELSEWHERE/refresh">
<link rel="stylesheet" href="ELSEWHERE/sheet.css">
<link rel="preload" href="ELSEWHERE/preload.js" as="script">
<link rel="prefetch" href="ELSEWHERE/prefetch">
<link rel="icon" href="ELSEWHERE/icon.png">
<style>@import "ELSEWHERE/import.css"; @font-face { font-family: f; src: url(ELSEWHERE/font.woff); }
body { background: url(ELSEWHERE/background.png); font-family: f; } .red { color: rgb(200, 0, 0); }</style>
<script>document.title = "owned"; parent.document.title = "owned"; fetch("ELSEWHERE/fetch");</script>
<script src="ELSEWHERE/script.js"></script>
</head><body onload="fetch('ELSEWHERE/onload')">
<p class="red">an honest line</p>
<svg xmlns="http://www.w3.org/2000/svg" onload="fetch('ELSEWHERE/svg')" width="9" height="9">
<image href="ELSEWHERE/svg.png"/>
<script>fetch("ELSEWHERE/svg-script")</script>
<animate onbegin="fetch('ELSEWHERE/begin')" attributeName="x" dur="1s"/></svg>
<img src="x" onerror="new Image().src='ELSEWHERE/onerror'">
<img src="ELSEWHERE/image.png"><img srcset="ELSEWHERE/srcset.png 1x">
<video src="ELSEWHERE/video.mp4" autoplay></video><audio src="ELSEWHERE/audio.mp3" autoplay></audio>
<object data="ELSEWHERE/object"></object><embed src="ELSEWHERE/embed">
<iframe src="ELSEWHERE/frame"></iframe><iframe srcdoc="<script>fetch('ELSEWHERE/srcdoc')</script>"></iframe>
<iframe src="javascript:fetch('ELSEWHERE/javascript')"></iframe>
<form id="f" action="ELSEWHERE/form" method="post"><input name="a" autofocus onfocus="this.form.submit()">
<button id="send">send</button></form>
<form action="/services/portal/language" method="post"><button id="own" name="language" value="tr">own</button></form>
<a id="top" href="ELSEWHERE/top" target="_top" ping="ELSEWHERE/ping">top</a>
<a id="blank" href="ELSEWHERE/blank" target="_blank">blank</a>
<a id="self" href="ELSEWHERE/self" target="_self">self</a>
<a id="script" href="javascript:fetch('ELSEWHERE/link')" target="_self">script</a>
</body></html>"""


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of somebody's server, and what it was asked.

    Chromium may open a connection for a frame that it then does not load, and sends nothing on it.
    """
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  likewise

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Note)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found


def test_nothing_of_a_submission_runs_or_is_sent(school: Class, browser: Browser) -> None:
    """In our page's frame: scripts, events, redirections, forms, links to elsewhere and all that fetches do nothing."""
    with elsewhere() as (address, asked):
        school.portal.hand_in.settings["pages"]["slurm-basics.html"] = HOSTILE.replace("ELSEWHERE", address).encode()
        page = opened(browser, school, "ana", PAGE)
        frame = page.frame_locator("iframe.aula-frame")
        expect(frame.locator(".red")).to_have_css("color", "rgb(200, 0, 0)")
        for name in ("send", "own", "top", "blank", "script", "self"):
            frame.locator(f"#{name}").evaluate("one => one.click()")
            page.wait_for_timeout(150)
        assert asked == []
        assert page.url == school.portal.url(PAGE)
        assert page.title() == "Feedback: Ask Slurm the right question · Aula"
        assert len(page.context.pages) == 1
        assert page.locator("html").get_attribute("lang") == "en"


def test_nor_when_the_page_is_opened_by_itself(school: Class, browser: Browser) -> None:
    """It has an origin of its own, without our cookies and storage; what is clicked in it reaches nothing of ours."""
    with elsewhere() as (address, asked):
        school.portal.hand_in.settings["pages"]["slurm-basics.html"] = HOSTILE.replace("ELSEWHERE", address).encode()
        page = opened(browser, school, "ana", RAW)
        expect(page.locator(".red")).to_have_text("an honest line")
        for name in ("send", "own", "script"):
            page.locator(f"#{name}").evaluate("one => one.click()")
            page.wait_for_timeout(150)
        assert asked == []
        assert page.title() == ""
        assert page.url == school.portal.url(RAW)


def test_a_page_of_feedback_says_what_a_browser_may_do_with_it(school: Class) -> None:
    """Its headers are those of no other page; what surrounds it shows frames of ours only."""
    raw = school.portal.ask("GET", RAW, "ana")
    assert (raw.text, raw.headers["Content-Type"]) == ("well done", "text/html; charset=utf-8")
    assert raw.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
    assert "allow-" not in raw.headers["Content-Security-Policy"]
    assert (raw.headers["X-Content-Type-Options"], raw.headers["Cache-Control"]) == ("nosniff", "no-store")
    around = school.portal.ask("GET", PAGE, "ana")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert f'sandbox title="Feedback on slurm-basics" src="/services/portal{RAW}"' in around.text


def test_no_feedback_yet_is_said(school: Class) -> None:
    """A hand-in without a page has no form to ask about it, and a question that is sent nevertheless is refused."""
    school.portal.hand_in.settings["people"]["ana"] = {"slurm-basics": {"submissions": [handed_in()]}}
    page = school.portal.ask("GET", PAGE, "ana")
    assert "There is no feedback yet." in page.text
    assert "<textarea" not in page.text
    answer = school.portal.ask("POST", PAGE, "ana", data={"kind": "comment", "text": "Hello?"})
    assert (answer.status_code, "no feedback yet" in answer.text) == (400, True)
