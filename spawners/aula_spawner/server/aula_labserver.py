"""JupyterHub's own single-user server as a job runs it: on a socket that is open already, and quick to answer.

`singleuser.py` hands over to it. What a page does not need when it opens is loaded once the hub knows that
the server listens, or as soon as somebody asks for it.
"""

import asyncio
import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from types import FrameType, ModuleType
from typing import Any

LATER = (
    "aula_exchange",  # before nbgrader's, whose addresses it takes
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "notebook",
)
"""Server extensions that JupyterLab's page opens without, in their order: only their own addresses need them."""

PAUSE_S = 10.0
"""Seconds after which the rest is loaded where nobody has asked for it: the page comes first."""


@contextmanager
def without_the_hubs_parts() -> Iterator[None]:
    """Import the single-user server without the hub's pages, roles and database, which its modules name and never use.

    SQLAlchemy and alembic are a third of all that it imports. Whoever imports them later gets the real ones.
    """
    pages = ModuleType("jupyterhub.handlers.pages")
    pages.HealthCheckHandler = type("HealthCheckHandler", (), {})  # type: ignore[attr-defined]
    errors = ModuleType("sqlalchemy.exc")
    errors.SQLAlchemyError = type("SQLAlchemyError", (Exception,), {})  # type: ignore[attr-defined]
    names = ("jupyterhub.handlers", "jupyterhub.orm", "jupyterhub.roles", "sqlalchemy")
    empty = {module.__name__: module for module in (pages, errors, *map(ModuleType, names))}
    missing = {name: module for name, module in empty.items() if name not in sys.modules}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


@contextmanager
def without_programs() -> Iterator[None]:
    """Let no program be found: JupyterLab asks Node.js, for half a second, how it would build a JupyterLab."""
    path = os.environ["PATH"]
    os.environ["PATH"] = "/nonexistent"
    try:
        yield
    finally:
        os.environ["PATH"] = path


with without_the_hubs_parts(), without_programs():
    import jupyterlab.labapp  # type: ignore[import-untyped]  # noqa: F401  # no types
    from jupyter_server.serverapp import ServerApp
    from jupyterhub.singleuser.extension import JupyterHubSingleUser  # type: ignore[import-untyped]  # no types
    from tornado.httputil import HTTPServerRequest
    from tornado.routing import Matcher, Rule


class LabServer(ServerApp):
    """A Jupyter server on a socket that is open already, some of whose extensions are loaded later."""

    listener: socket.socket
    certified: Callable[[], None] | None

    def start_app(self) -> None:
        """Begin; under internal TLS once the hub has signed the server's key."""
        if self.certified:
            self.certified()
        super().start_app()

    def _signal_stop(self, sig: int, frame: FrameType | None) -> None:
        """Stop in the loop's next turn: a line that is logged within a line that is logged is an error, and no stop."""
        self.io_loop.add_callback_from_signal(super()._signal_stop, sig, frame)

    def init_server_extensions(self) -> None:
        """Find and link the extensions that the page needs."""
        self.rest = [name for name in LATER if self.jpserver_extensions.get(name)]
        self.starting: list[asyncio.Future[None]] = []
        self.jpserver_extensions.update(dict.fromkeys(self.rest, False))
        super().init_server_extensions()

    def init_httpserver(self) -> None:
        """Before saying that nothing is at an address, look among the extensions that are not loaded yet."""
        self.web_app.wildcard_router.rules.insert(-1, Rule(_NotYetLoaded(self), self.web_app.default_router))
        super().init_httpserver()

    def _find_http_port(self) -> None:
        """Look for no port: there is a socket."""

    def _bind_http_server(self) -> None:
        """Answer on the socket that is open since the job began: nobody else could take its port meanwhile."""
        self.listener.setblocking(False)
        self.http_server.add_socket(self.listener)

    def load_the_rest(self) -> None:
        """Load the extensions that are not loaded yet."""
        rest, self.rest = self.rest, []
        manager: Any = self.extension_manager
        for name in rest:
            if manager.add_extension(name, enabled=True):
                manager.link_extension(name)
                manager.load_extension(name)
                self.starting.append(asyncio.ensure_future(manager.start_extension(name)))

    async def load_the_rest_soon(self) -> None:
        """Load them after a pause, and answer meanwhile."""
        await asyncio.sleep(PAUSE_S)
        for name in self.rest:
            with suppress(Exception):  # it is logged when the extension is loaded
                await asyncio.to_thread(import_module, name)
        self.load_the_rest()


class _NotYetLoaded(Matcher):
    """Matches an address for which there is no handler, once: then everything is loaded."""

    def __init__(self, server: LabServer) -> None:
        self._server = server

    def match(self, _: HTTPServerRequest) -> dict[str, Any] | None:
        """Load what is not loaded yet, and let the address be looked up again."""
        if not self._server.rest:
            return None
        self._server.load_the_rest()
        return {}


class SingleUser(JupyterHubSingleUser):  # type: ignore[misc]  # jupyterhub has no types
    """JupyterHub's single-user server, which tells the hub that it listens."""

    serverapp_class = LabServer
    tell: Callable[[], None]
    failure: Exception | None = None

    async def check_hub_version(self) -> None:
        """Ask the hub nothing: it is told when the server listens, and need not be up before."""

    async def _start_jupyter_server_extension(self, serverapp: LabServer) -> None:
        """Tell the hub, once the server listens; where the hub does not want it, end."""
        gc.freeze()
        gc.enable()
        type(self).failure = await _failure_of(self.tell)
        if self.failure:
            serverapp.stop()
        else:
            self.loading = asyncio.ensure_future(serverapp.load_the_rest_soon())


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter where the extension is: in this file."""
    return [{"module": __name__, "app": SingleUser}]


async def _failure_of(work: Callable[[], None]) -> Exception | None:
    """Do something that may take long and return how it failed; a server that is ended does not wait for it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Exception | None] = loop.create_future()

    def run() -> None:
        failure = None
        try:
            work()
        except Exception as error:  # noqa: BLE001  whatever it is, `serve` raises it
            failure = error
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(done.set_result, failure)

    Thread(target=run, daemon=True).start()
    return await done


def serve(listener: socket.socket, tell: Callable[[], None], certified: Callable[[], None] | None = None) -> None:
    """Run the server until it ends. `tell` is called once it listens; what it raises ends the server.

    `certified` is called before it answers: it waits until the server's certificate is there.
    """
    LabServer.listener, SingleUser.tell = listener, staticmethod(tell)
    LabServer.certified = staticmethod(certified) if certified else None
    SingleUser.launch_instance([])
    if SingleUser.failure:
        raise SingleUser.failure
