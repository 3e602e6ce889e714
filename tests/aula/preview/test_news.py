"""What the preview tells is true when it is told, and nothing of it is missed."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from aula.preview import handlers, press
from aula.preview.preview import Preview
from aula.preview.server import application
from tests.aula.preview.running import begin
from tests.aula.preview.test_preview import LESSON

PATIENCE_S = 60


def test_a_page_is_clean_once_it_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the press prints what came of a run, the page still runs: who is told that it is clean sees it so."""
    preview = Preview(tmp_path, [begin(tmp_path)], tmp_path / "place", tmp_path / "kept")
    states = []
    at_the_press = preview._at_the_press

    async def noted(work: Callable[..., object], *what: object) -> object:
        done = await at_the_press(work, *what)
        if work is press.pages:
            states.append(preview.leaves[LESSON].state)
        return done

    async def until_clean() -> None:
        watching = asyncio.create_task(preview.watch())
        while LESSON not in preview.leaves or preview.leaves[LESSON].state != "clean":
            await asyncio.sleep(0.05)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    monkeypatch.setattr(preview, "_at_the_press", noted)
    asyncio.run(asyncio.wait_for(until_clean(), PATIENCE_S))
    assert states == ["waiting", "running"]


def test_what_changes_while_something_is_told_is_told_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in the moment in which a browser is told something else does not wait for the next change."""
    preview = Preview(tmp_path, [], tmp_path, tmp_path)
    flush = handlers.Events.flush

    def changed_meanwhile(self: handlers.Events, include_footers: bool = False) -> Awaitable[None]:
        if not preview.version:
            preview.version = 1
            preview._tell()
        return flush(self, include_footers)

    monkeypatch.setattr(handlers.Events, "flush", changed_meanwhile)
    monkeypatch.setattr(handlers, "SILENCE_S", PATIENCE_S)

    async def follow() -> str:
        door, port = bind_unused_port()
        server = HTTPServer(application(preview, port, "key"))
        server.add_socket(door)
        told, second = bytearray(), asyncio.Event()

        def take(piece: bytes) -> None:
            told.extend(piece)
            if b'"version": 1' in told:
                second.set()

        asked = AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{port}/events",
            headers={"Cookie": f"aula-preview-{port}=key"},
            streaming_callback=take,
            request_timeout=PATIENCE_S,
        )
        await asyncio.wait_for(second.wait(), PATIENCE_S / 3)
        server.stop()
        await server.close_all_connections()
        await asyncio.gather(asked, return_exceptions=True)
        return told.decode()

    assert asyncio.run(follow()).count("data: ") == 2
