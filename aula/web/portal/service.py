"""The portal as a process: started beside the hub, ended by a signal."""

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import suppress

from jupyterhub.httpclient import JupyterHubHTTPClient  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.httpserver import HTTPServer
from tornado.web import Application

from aula.errors import AulaError
from aula.people.database import Database
from aula.web.portal.application import application
from aula.web.portal.settings import PortalSettings

MOST_BODY, MOST_HEADERS, PATIENCE_S = 64 * 1024, 32 * 1024, 60


def server(app: Application) -> HTTPServer:
    """Return the server; whoever sends slowly or much is cut off."""
    return HTTPServer(
        app,
        max_body_size=MOST_BODY,
        max_header_size=MOST_HEADERS,
        body_timeout=PATIENCE_S,
        idle_connection_timeout=PATIENCE_S,
    )


async def serve(options: argparse.Namespace, portal: PortalSettings) -> None:
    """Serve until the process is told to end."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # before it listens: who can reach it can also end it
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    app = application(portal, Database(portal.database))
    listening = server(app)
    listening.listen(options.port, options.bind, backlog=1024)
    await ended.wait()
    listening.stop()
    await listening.close_all_connections()
    app.settings["desk"].close()
    app.settings["hand_ins"].close()
    await forget_hub()


async def forget_hub() -> None:
    """Close what was open to the hub."""
    with suppress(RuntimeError):
        await JupyterHubHTTPClient.loop_instance().close()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(prog="python -m aula.web.portal", description="Serve the portal.")
    command.add_argument("--port", type=int, required=True, help="port to listen on")
    command.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    return command


def main(arguments: list[str] | None = None) -> int:
    """Run the service; return the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("aula.portal").setLevel(logging.INFO)
    try:
        asyncio.run(serve(options, PortalSettings.from_environment()))
    except AulaError as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.bind} port {options.port}: {error}: choose another", file=sys.stderr)
        return 1
    return 0
