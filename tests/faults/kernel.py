"""A kernel that computes on a person's server, and the open websocket over which it tells of it."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.integration.person import Person


@asynccontextmanager
async def computing(person: Person, seconds: int) -> AsyncIterator[WebSocketClientConnection]:
    """Let a new kernel print a number every second, and yield its websocket."""
    kernel = person.create_at_server("api/kernels", {"name": "python3"}).json()["id"]
    address = person.classroom.address.replace("http", "ws", 1)
    url = f"{address}/user/{person.name}/api/kernels/{kernel}/channels"
    request = HTTPRequest(url, headers={"Authorization": f"token {person.token}"})
    socket = await websocket_connect(request)
    code = f"import time\nfor n in range({seconds}):\n    print(n, flush=True)\n    time.sleep(1)\n"
    await socket.write_message(json.dumps(_execute(code)))
    try:
        yield socket
    finally:
        socket.close()


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
        text = await socket.read_message()
        assert text is not None, f"the websocket was closed after {seen}"
        message = json.loads(text)
        if message["header"]["msg_type"] == "stream":
            seen += [int(word) for word in message["content"]["text"].split()]
    return seen
