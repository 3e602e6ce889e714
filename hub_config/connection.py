"""The connection check: whether a company's network lets HTTPS and WebSockets through, before the first class.

Anybody may open it, so all that it offers is bounded: in size, number and time, for each address and in all.
"""

import asyncio
from collections import Counter
from typing import Any, ClassVar

from jupyterhub.handlers import BaseHandler  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.web import HTTPError, RequestHandler
from tornado.websocket import WebSocketHandler

from aula.people.throttle import Throttle

DATA = bytes(range(256)) * 4096
"""One MiB that a browser can check byte by byte."""

IDLE_S = 30
LIFETIME_S = 90
MOST_BYTES = 1024
MOST_MESSAGES = 20
MOST_OPEN = 200
MOST_OPEN_OF_ONE = 10


class ConnectionHandler(BaseHandler):  # type: ignore[misc]  # jupyterhub has no types
    """The page."""

    async def get(self) -> None:
        """Show it; the browser does the rest."""
        self.finish(
            await self.render_template(
                "connection.html", idle_s=IDLE_S, data_bytes=len(DATA), request_host=self.request.host
            )
        )


class DataHandler(RequestHandler):
    """One MiB, which some networks' scanners hold back or cut."""

    _asked = Throttle(most=20, window=60)

    def get(self) -> None:
        """Send it, at most twenty times a minute to one address."""
        address = self.request.remote_ip or ""
        if self._asked.seconds_to_wait(address):
            raise HTTPError(429)
        self._asked.count(address)
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Cache-Control", "no-store")
        self.finish(DATA)


class EchoHandler(WebSocketHandler):
    """A WebSocket that says what it hears: only to our own page, little, and not for long."""

    _held: ClassVar[Counter[str]] = Counter()
    _heard = 0
    _counted = False
    _end: asyncio.TimerHandle | None = None

    def prepare(self) -> None:
        """Refuse more connections than the check needs."""
        address = self.request.remote_ip or ""
        if self._held.total() >= MOST_OPEN or self._held[address] >= MOST_OPEN_OF_ONE:
            raise HTTPError(429)

    def open(self, *_: str, **__: str) -> None:
        """Count the connection, and set its end."""
        self._counted = True
        self._held[self.request.remote_ip or ""] += 1
        self._end = asyncio.get_running_loop().call_later(LIFETIME_S, self.close, 1000, "the check is over")

    def on_message(self, message: str | bytes) -> None:
        """Say it back."""
        self._heard += 1
        if len(message) > MOST_BYTES or self._heard > MOST_MESSAGES:
            self.close(1008, "more than the check needs")
            return
        self.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        """Make room for another."""
        if self._counted:
            address = self.request.remote_ip or ""
            self._held[address] -= 1
            if self._held[address] <= 0:
                del self._held[address]
        if self._end is not None:
            self._end.cancel()


def handlers() -> list[tuple[str, type[Any]]]:
    """Return the check's addresses below the hub's own."""
    return [
        (r"/connection", ConnectionHandler),
        (r"/connection/data", DataHandler),
        (r"/connection/echo", EchoHandler),
    ]
