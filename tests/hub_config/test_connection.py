"""The connection check's handlers, asked over real connections as a stranger would."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, websocket_connect

from hub_config import connection
from hub_config.connection import DataHandler, EchoHandler

# A connection that is refused leaves tornado's client object unclosed.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed WebSocketClientConnection:ResourceWarning")


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve the handlers that need no hub, and yield the port."""
    server = HTTPServer(Application([(r"/data", DataHandler), (r"/echo", EchoHandler)]))
    listener, port = bind_unused_port()
    server.add_socket(listener)
    try:
        yield port
    finally:
        server.stop()
        await server.close_all_connections()
        gc.collect()  # here, where an unclosed client is expected
        EchoHandler._held.clear()
        DataHandler._asked._failures.clear()


async def connect(port: int, origin: str = "") -> WebSocketClientConnection:
    """Open the echo's WebSocket, as a page of some origin."""
    headers = {"Origin": origin or f"http://127.0.0.1:{port}"}
    return await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{port}/echo", headers=headers))


async def test_it_says_back_what_it_hears() -> None:
    """Text and bytes come back as they were sent."""
    async with serving() as port:
        socket = await connect(port)
        for message in ("olá", bytes(range(256))):
            await socket.write_message(message, binary=isinstance(message, bytes))
            assert await socket.read_message() == message
        socket.close()


async def test_other_pages_may_not_use_it() -> None:
    """A page of another origin cannot open the WebSocket."""
    async with serving() as port:
        with pytest.raises(HTTPClientError, match="403"):
            await connect(port, origin="https://elsewhere.example.org")


@pytest.mark.parametrize("messages", [["x" * 2000], ["x"] * 21])
async def test_it_hears_little(messages: list[str]) -> None:
    """A long message, or one too many, ends the connection."""
    async with serving() as port:
        socket = await connect(port)
        for message in messages:
            await socket.write_message(message)
        heard = 0
        while await socket.read_message() is not None:
            heard += 1
        assert heard == len(messages) - 1
        assert socket.close_code == 1008


async def test_one_address_holds_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections beyond the limit are refused, and room is made when one is closed."""
    monkeypatch.setattr(connection, "MOST_OPEN_OF_ONE", 2)
    async with serving() as port:
        sockets = [await connect(port), await connect(port)]
        with pytest.raises(HTTPClientError, match="429"):
            await connect(port)
        sockets[0].close()
        while await sockets[0].read_message() is not None:
            pass
        sockets.append(await connect(port))
        for socket in sockets:
            socket.close()


async def test_no_connection_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection ends by itself, however quiet its owner is."""
    monkeypatch.setattr(connection, "LIFETIME_S", 0.1)
    async with serving() as port:
        socket = await connect(port)
        assert await socket.read_message() is None
        assert socket.close_code == 1000


async def test_the_download_is_whole_and_bounded() -> None:
    """One MiB of known bytes, at most twenty times a minute."""
    async with serving() as port:
        client = AsyncHTTPClient()
        for _ in range(20):
            answer = await client.fetch(f"http://127.0.0.1:{port}/data")
        assert answer.body == bytes(range(256)) * 4096
        with pytest.raises(HTTPClientError, match="429"):
            await client.fetch(f"http://127.0.0.1:{port}/data")
