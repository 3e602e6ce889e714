"""The portal behind one address with a hub that answers, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from tornado.httpserver import HTTPServer
from tornado.routing import PathMatches, Rule, RuleRouter
from tornado.testing import bind_unused_port

from aula.people.database import Database
from aula.web.portal.application import application
from aula.web.portal.guesses import Guesses
from aula.web.portal.settings import PortalSettings
from aula.web.serving import MOST_BODY, MOST_HEADERS, forget_hub
from tests.aula.web.portal import answering_hand_in, answering_hub
from tests.aula.web.portal.answering_hub import token_of

PORTAL_TOKEN = "the-portals-own-token"
FORMGRADERS_SECRET = "of-which-keys-are-made"
PREFIX = "/services/portal"


class Running:
    """A portal that is up, and the hub that it asks."""

    def __init__(self, address: str, portal: Any, hub: Any, hand_in: Any) -> None:
        self.address, self.portal, self.hub, self.hand_in = address, portal, hub, hand_in

    def url(self, path: str) -> str:
        """Return a page's whole address."""
        return f"{self.address}{PREFIX}{path}"

    def ask(self, method: str, path: str, name: str | None = None, **more: Any) -> requests.Response:
        """Send a request with a person's token, or as nobody."""
        headers = {**more.pop("headers", {})}
        if name is not None:
            headers["Authorization"] = f"token {token_of(name)}"
        return requests.request(
            method, self.url(path), headers=headers, timeout=30, **{"allow_redirects": False, **more}
        )

    def browser(self, name: str | None = None) -> "Browser":
        """Return a browser; of a person, it is signed in at the hub."""
        return Browser(self, name)


class Browser(requests.Session):
    """Keeps cookies and sends forms as a browser does."""

    def __init__(self, portal: Running, name: str | None) -> None:
        super().__init__()
        self.portal = portal
        if name is not None:
            self.cookies.set(answering_hub.COOKIE, name, path="/hub/", domain="127.0.0.1")
            self.open("/")

    def open(self, path: str, **more: Any) -> requests.Response:
        """Open a page of the portal."""
        headers = {"Sec-Fetch-Mode": "navigate", **more.pop("headers", {})}
        return self.get(self.portal.url(path), timeout=30, headers=headers, **more)

    def submit(self, path: str, xsrf: str | None = None, follow: bool = True, **form: str) -> requests.Response:
        """Send a form of the portal, with the mark against forgery that its pages bring."""
        mark = self.mark() if xsrf is None else xsrf
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
        data = {**form, "_xsrf": mark}
        return self.post(self.portal.url(path), data=data, timeout=30, headers=headers, allow_redirects=follow)

    def mark(self) -> str:
        """Return the mark in this browser's cookie."""
        return next((one.value or "" for one in self.cookies if one.name == "_xsrf" and one.path == f"{PREFIX}/"), "")


@contextmanager
def running(database: Database, *, guesses: Guesses | None = None, **changes: Any) -> Iterator[Running]:
    """Serve hub and portal on one address while the block lasts."""
    loop = asyncio.new_event_loop()
    up, ended = threading.Event(), asyncio.Event()
    found: list[Running] = []

    async def serve() -> None:
        listening, bound = bind_unused_port()
        address = f"http://127.0.0.1:{bound}"
        given = {
            "api_url": f"{address}/hub/api",
            "api_token": PORTAL_TOKEN,
            "database": str(database.url),
            "public_url": f"{address}/",
            "local_accounts": True,
            "formgraders_secret": FORMGRADERS_SECRET,
            "hand_in": f"{address}{answering_hand_in.PREFIX}",
            **changes,
        }
        portal, hub = application(PortalSettings(**given), database, guesses), answering_hub.application()
        hand_in = answering_hand_in.application(PORTAL_TOKEN)
        apps = {f"{PREFIX}.*": portal, f"{answering_hand_in.PREFIX}.*": hand_in, ".*": hub}
        router = RuleRouter([Rule(PathMatches(path), app) for path, app in apps.items()])
        server = HTTPServer(router, max_body_size=MOST_BODY, max_header_size=MOST_HEADERS)
        server.add_sockets([listening])
        found.append(Running(address, portal, hub, hand_in))
        up.set()
        await ended.wait()
        server.stop()
        await server.close_all_connections()
        portal.settings["desk"].close()
        portal.settings["hand_ins"].close()
        await forget_hub()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    up.wait(20)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        loop.close()
