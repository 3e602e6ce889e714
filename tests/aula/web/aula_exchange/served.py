"""The hand-in service, and a hub that knows its people, over sockets in a thread: what a trainee's server speaks to."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from aula.submissions.given import Given
from aula.submissions.keys import Key
from aula.submissions.store import Store
from aula.web.hand_in.application import application
from aula.web.hand_in.service import server, stopped
from aula.web.hand_in.settings import HandInSettings

SCOPES = ["access:services!service=hand-in"]


class WhoHas(RequestHandler):
    """Who has a token."""

    def get(self) -> None:
        """Say it, or 403."""
        name = self.request.headers.get("Authorization", "").removeprefix("token token-of-")
        groups = self.settings["people"].get(name)
        if groups is None:
            self.set_status(403)
            return
        self.finish({"kind": "user", "name": name, "admin": False, "groups": groups, "scopes": SCOPES})


class Served:
    """A hub and the service, with the service's two folders and the groups of people, which tests change."""

    def __init__(self, top: Path) -> None:
        self.handed_in, self.given, self.key = top / "handed-in", top / "given", top / "key"
        self.people: dict[str, list[str]] = {}
        self.hub, self.url = "", ""
        self._ready, self._ended = Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = Thread(target=self._run)

    def __enter__(self) -> "Served":
        self._thread.start()
        assert self._ready.wait(30)
        assert self.url, "the service did not begin"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()  # also where it could not begin

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        hub = HTTPServer(Application([("/hub/api/user", WhoHas)], people=self.people))
        self.hub = f"http://127.0.0.1:{_listening(hub)}/hub/api"
        key = Key.kept(self.key)
        threads, large = ThreadPoolExecutor(4), ThreadPoolExecutor(2)
        settings: Any = HandInSettings(self.hub, "token-of-the-service")
        app = application(settings, Store(self.handed_in, key), Given(self.given), key.public, threads, large)
        service = server(app)
        self.url = f"http://127.0.0.1:{_listening(service)}/services/hand-in/"
        self._ready.set()
        await self._ended.wait()
        service.stop()
        await stopped(service, app)
        hub.stop()
        await hub.close_all_connections()


def _listening(one: HTTPServer) -> int:
    """Let a server listen at any port; return it."""
    one.listen(0, "127.0.0.1")
    port: int = next(iter(one._sockets.values())).getsockname()[1]
    return port
