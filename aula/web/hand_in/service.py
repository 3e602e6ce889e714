"""The hand-in service as a process: started beside the hub, ended by a signal."""

import argparse
import asyncio
import logging
import os
import resource
import signal
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from jupyterhub.httpclient import JupyterHubHTTPClient  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.httpserver import HTTPServer
from tornado.web import Application

from aula.errors import AulaError
from aula.submissions.given import Given
from aula.submissions.keys import Key
from aula.submissions.store import Store
from aula.web.hand_in.application import application
from aula.web.hand_in.settings import HandInSettings, HandInSettingsError

MOST_BODY, MOST_HEADERS = 64 * 1024, 32 * 1024
"""Bytes that are taken in before anybody knows who sends them; a hand-in has limits of its own."""
PATIENCE_S, BODY_PATIENCE_S = 60, 300
CHUNK = 256 * 1024
THREADS, THREADS_OF_LARGE = 16, 2
"""Who waits for the disk holds a thread; what is large needs much memory, too."""


def server(app: Application, context: ssl.SSLContext | None = None) -> HTTPServer:
    """Return the server; whoever sends slowly or much is cut off."""
    return HTTPServer(
        app,
        ssl_options=context,
        max_body_size=MOST_BODY,
        max_header_size=MOST_HEADERS,
        chunk_size=CHUNK,
        body_timeout=BODY_PATIENCE_S,
        idle_connection_timeout=PATIENCE_S,
    )


async def serve(options: argparse.Namespace, settings: HandInSettings) -> None:
    """Serve until the process is told to end. Raises StoreError, HandInSettingsError, OSError."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # before it listens: who can reach it can also end it
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    context = encryption(options.certificate, options.key, options.authority)
    key = Key.kept(options.key_file)
    store = Store(options.handed_in, key)
    store.claim_all()
    threads, large = ThreadPoolExecutor(THREADS), ThreadPoolExecutor(THREADS_OF_LARGE)
    app = application(settings, store, Given(options.given), key.public, threads, large)
    listening = server(app, context)
    listening.listen(options.port, options.bind, backlog=1024)
    await ended.wait()
    listening.stop()
    await stopped(listening, app)


async def stopped(listening: HTTPServer, app: Application) -> None:
    """End the connections, and return when nothing is written any more and nobody waits for the hub."""
    await listening.close_all_connections()
    while tasks := set(app.settings["tasks"]):
        await asyncio.wait(tasks)
    for pool in ("large", "threads"):
        app.settings[pool].shutdown()
    app.settings["store"].close()
    with suppress(RuntimeError):
        await JupyterHubHTTPClient.loop_instance().close()


def encryption(certificate: Path | None, key: Path | None, authority: Path | None) -> ssl.SSLContext | None:
    """Return how connections are encrypted, None where they are not. With an authority, only its clients get in.

    Raises HandInSettingsError.
    """
    if certificate is None and key is None and authority is None:
        return None
    if certificate is None or key is None:
        raise HandInSettingsError("--certificate and --key belong together: name both")
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority)
        context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise HandInSettingsError(f"{certificate}: cannot be used with its key and authority: {error}") from error
    if authority:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(prog="python -m aula.web.hand_in", description="Take what trainees hand in.")
    command.add_argument("--port", type=int, required=True, help="port to listen on")
    command.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    folder = "the folder with one for each course run, in which "
    command.add_argument("--handed-in", type=Path, required=True, metavar="DIR", help=f"{folder}hand-ins are kept")
    command.add_argument("--given", type=Path, required=True, metavar="DIR", help=f"{folder}assignments are released")
    command.add_argument(
        "--key-file", type=Path, required=True, metavar="FILE", help="the key of receipts; made if missing"
    )
    command.add_argument("--certificate", type=Path, metavar="FILE", help="TLS: the service's certificate")
    command.add_argument("--key", type=Path, metavar="FILE", help="TLS: its key")
    command.add_argument("--authority", type=Path, metavar="FILE", help="TLS: only who has a certificate of it gets in")
    return command


def main(arguments: list[str] | None = None) -> int:
    """Run the service; return the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("aula.hand_in").setLevel(logging.INFO)
    os.umask(0o027)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a class hands in at once
    try:
        asyncio.run(serve(options, HandInSettings.from_environment()))
    except AulaError as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.bind} port {options.port}: {error}: choose another", file=sys.stderr)
        return 1
    return 0
