"""A kernel that computes on a person's server, and the open websocket over which it tells of it."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.queues import Queue
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.integration.person import Person


@asynccontextmanager
async def connected(person: Person) -> AsyncIterator[WebSocketClientConnection]:
    """Yield the websocket of a new kernel."""
    kernel = person.create_at_server("api/kernels", {"name": "python3"}).json()["id"]
    address = person.classroom.address.replace("http", "ws", 1)
    url = f"{address}/user/{person.name}/api/kernels/{kernel}/channels"
    request = HTTPRequest(url, headers={"Authorization": f"token {person.token}"})
    socket = await websocket_connect(request)
    socket.read_queue = Queue()  # of any length: who does not read for a minute must answer pings all the same
    try:
        yield socket
    finally:
        socket.close()
        with suppress(TimeoutError):  # it has said so already where the other side closed it
            async with asyncio.timeout(10):
                while await socket.read_message() is not None:
                    pass


@asynccontextmanager
async def computing(person: Person, seconds: int) -> AsyncIterator[WebSocketClientConnection]:
    """Let a new kernel print a number every second, and yield its websocket."""
    code = f"import time\nfor n in range({seconds}):\n    print(n, flush=True)\n    time.sleep(1)\n"
    async with connected(person) as socket:
        await socket.write_message(json.dumps(_execute(code)))
        yield socket


async def begin_to_sleep(person: Person, seconds: int) -> None:
    """Leave a new kernel busy, without a word."""
    async with connected(person) as socket:
        await socket.write_message(json.dumps(_execute(f"print(1)\nimport time\ntime.sleep({seconds})")))
        await _printed(socket)


async def answer(socket: WebSocketClientConnection, code: str) -> str:
    """Let the kernel execute code that prints, and return what it printed first."""
    await socket.write_message(json.dumps(_execute(code)))
    return await _printed(socket)


def _execute(code: str) -> dict[str, Any]:
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": uuid.uuid4().hex,
        "date": "2026-01-01T00:00:00Z",
        "version": "5.3",
    }
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    return {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}


async def numbers(socket: WebSocketClientConnection, until: int) -> list[int]:
    """Return the numbers that the kernel printed, up to one; fail where the websocket was closed."""
    seen: list[int] = []
    while until not in seen:
        seen += [int(word) for word in (await _printed(socket)).split()]
    return seen


async def _printed(socket: WebSocketClientConnection) -> str:
    """Return what the kernel prints next; fail where the websocket is closed."""
    while (text := await socket.read_message()) is not None:
        message = json.loads(text)
        if message["header"]["msg_type"] == "stream":
            return str(message["content"]["text"])
    raise AssertionError("the websocket was closed")
