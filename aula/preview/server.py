"""The preview in a browser of this machine: pages to read, nothing to change, for who has the printed address only."""

import asyncio
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tornado.httpserver import HTTPServer
from tornado.web import Application

from aula.errors import PreviewError
from aula.look import STATIC
from aula.preview.handlers import Events, Key, List, Look, Missing, Sheet, Static
from aula.preview.preview import Preview

HOST = "127.0.0.1"
BACKLOG = 64
OWN = Path(__file__).parent / "static"


def application(preview: Preview, port: int, key: str) -> Application:
    """Return the pages of a preview that listens on this port, for browsers that know the key."""
    return Application(
        [
            (r"/(?:index\.html)?", List),
            (r"/key/([A-Za-z0-9_-]+)", Key),
            (r"/events", Events),
            (r"/(courses/.+\.html)", Sheet),
            (r"/look/(.*)", Look, {"path": STATIC}),
            (r"/preview/(.*)", Look, {"path": OWN}),
            (r"/((?:_static|_images|_downloads|_sphinx_design_static|courses)/.*)", Static, {"path": preview.html}),
        ],
        default_handler_class=Missing,
        preview=preview,
        hosts=frozenset({f"{HOST}:{port}", f"localhost:{port}"}),
        cookie=f"aula-preview-{port}",
        key=key,
        log_function=lambda _: None,
    )


async def serve(root: Path, folders: Sequence[Path], port: int, kept: Path, tell: Callable[[str], None]) -> None:
    """Serve these courses until somebody ends it. Port 0 is a free one. Raises PreviewError where the port is taken."""
    with TemporaryDirectory(prefix="aula-preview-") as place:
        preview = Preview(root, folders, Path(place).resolve(), kept)
        try:
            door = socket.create_server((HOST, port), backlog=BACKLOG)
        except OSError as error:
            raise PreviewError(
                f"port {port} cannot be used: {error.strerror}: leave --port away for a free one"
            ) from error
        door.setblocking(False)
        port, key = door.getsockname()[1], secrets.token_urlsafe(16)
        server = HTTPServer(application(preview, port, key))
        server.add_socket(door)
        tell(f"Open http://{HOST}:{port}/key/{key}")
        tell("It follows what you save. Ctrl-C ends it.")
        try:
            await preview.watch()
        finally:
            server.stop()
            with suppress(TimeoutError):
                await asyncio.wait_for(server.close_all_connections(), 1)
