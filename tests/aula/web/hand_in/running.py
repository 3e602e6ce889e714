"""The hand-in service on a socket, with a hub that answers it, in a thread of its own."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from aula.submissions.given import Given
from aula.submissions.keys import Key
from aula.submissions.receipts import Receipt, of
from aula.submissions.store import Store
from aula.web.hand_in.application import application
from aula.web.hand_in.service import server, stopped
from aula.web.hand_in.settings import HandInSettings
from tests.aula.submissions.archive import notebook
from tests.aula.web.hand_in.answering_hub import hub, token_of

PREFIX = "/services/hand-in/"
RUN = "hpc"
TRAINEES, INSTRUCTOR, STRANGER = ("ana", "bruno", "clara"), "ines", "sam"


def people() -> dict[str, list[str]]:
    """Return who the hub knows, with their groups."""
    return {
        **{name: [f"nbgrader-{RUN}"] for name in TRAINEES},
        INSTRUCTOR: [f"formgrade-{RUN}"],
        STRANGER: ["nbgrader-other"],
    }


def laid_out(folder: Path, *assignments: str) -> tuple[Path, Path]:
    """Make the folders of a course run with released assignments; return that of hand-ins, and what is given."""
    handed_in, given = folder / "handed-in", folder / "given"
    (handed_in / RUN).mkdir(parents=True)
    for name in assignments:
        released = given / RUN / "outbound" / name
        released.mkdir(parents=True)
        (released / f"{name}.ipynb").write_bytes(notebook())
        (released / "data.csv").write_text("1,2\n")
    return handed_in, given


class Running:
    """A service that is up, its hub, and its folders."""

    def __init__(self, address: str, app: Any, hub: Any, store: Store, given: Path, key: Key) -> None:
        self.address, self.app, self.hub, self.store, self.given, self.key = address, app, hub, store, given, key

    def ask(self, method: str, path: str, name: str | None = None, **more: Any) -> requests.Response:
        """Send a request with a person's token, or as nobody."""
        headers = {**more.pop("headers", {})}
        if name is not None:
            headers["Authorization"] = f"token {token_of(name)}"
        return requests.request(method, self.address + PREFIX + path, headers=headers, timeout=60, **more)

    def send(self, name: str, body: Any, assignment: str = "sums", **headers: str) -> requests.Response:
        """Hand something in."""
        return self.ask("POST", f"runs/{RUN}/assignments/{assignment}/submissions", name, data=body, headers=headers)

    def accepted(self, name: str, body: bytes, assignment: str = "sums") -> Receipt:
        """Hand something in that is accepted; return the receipt."""
        answer = self.send(name, body, assignment)
        assert answer.status_code == 201, answer.text
        return of(answer.text)

    def rooms(self) -> list[Path]:
        """Return what is not whole yet, or was left."""
        return list((self.store.folder / RUN / ".new").iterdir())


@contextmanager
def serving(*parts: tuple[Any, ssl.SSLContext | None], end: Any) -> Iterator[list[str]]:
    """Serve applications on sockets of their own, made by functions of the addresses before; return the addresses."""
    loop = asyncio.new_event_loop()
    up, ended = threading.Event(), asyncio.Event()
    addresses: list[str] = []

    async def serve() -> None:
        servers = []
        try:
            for make, context in parts:
                listening, port = bind_unused_port()
                addresses.append(f"{'https' if context else 'http'}://127.0.0.1:{port}")
                one: HTTPServer = server(make(addresses), context)
                one.add_sockets([listening])
                servers.append(one)
        finally:
            up.set()
        await ended.wait()
        for one in servers:
            one.stop()
        await end(servers)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    up.wait(20)
    try:
        yield addresses
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        loop.close()


@contextmanager
def running(folder: Path, *assignments: str, context: ssl.SSLContext | None = None) -> Iterator[Running]:
    """Serve a course run with released assignments while the block lasts."""
    handed_in, given = laid_out(folder, *(assignments or ("sums",)))
    key = Key.made()
    store = Store(handed_in, key)
    store.claim_all()
    answering = hub(people())
    apps: list[Any] = []

    def service(addresses: list[str]) -> Any:
        settings = HandInSettings(f"{addresses[0]}/hub/api", "the-services-own-token", PREFIX)
        apps.append(
            application(settings, store, Given(given), key.public, ThreadPoolExecutor(8), ThreadPoolExecutor(2))
        )
        return apps[0]

    async def end(servers: list[HTTPServer]) -> None:
        await stopped(servers[1], apps[0])
        await servers[0].close_all_connections()

    with serving((lambda _: answering, None), (service, context), end=end) as addresses:
        yield Running(addresses[1], apps[0], answering, store, given, key)
