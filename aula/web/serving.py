"""What our services have in common as processes: they listen until a signal, or say in a sentence why they cannot."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from jupyterhub.httpclient import JupyterHubHTTPClient  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.httpserver import HTTPServer

from aula.errors import AulaError

MOST_BODY, MOST_HEADERS, PATIENCE_S = 64 * 1024, 32 * 1024, 60
"""Bytes that are taken in before anybody knows who sends them; seconds that a silent connection is kept."""
WAITING = 1024
"""Connections that may wait until they are accepted: a class comes at once."""


def parser(name: str, does: str) -> argparse.ArgumentParser:
    """Return the parser of a service's command line, with where it listens."""
    command = argparse.ArgumentParser(prog=f"python -m aula.web.{name}", description=does)
    command.add_argument("--port", type=int, required=True, help="port to listen on")
    command.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    return command


def told_to_end() -> asyncio.Event:
    """Return what is set when the process is told to end. Ask before it listens: who can reach it can also end it."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    return ended


async def listen(server: HTTPServer, options: argparse.Namespace, ended: asyncio.Event) -> None:
    """Listen until the end, then take no more and close all connections. Raises OSError, OverflowError."""
    server.listen(options.port, options.bind, backlog=WAITING)
    await ended.wait()
    server.stop()
    await server.close_all_connections()


async def forget_hub() -> None:
    """Close what was open to the hub."""
    with suppress(RuntimeError):
        await JupyterHubHTTPClient.loop_instance().close()


def run(service: Coroutine[Any, Any, None], options: argparse.Namespace, log: str) -> int:
    """Run a service to its end; return the exit status. What its own log tells is shown, others' warnings alone."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger(log).setLevel(logging.INFO)
    try:
        asyncio.run(service)
    except AulaError as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.bind} port {options.port}: {error}: choose another", file=sys.stderr)
        return 1
    return 0
