"""The hand-in service as a process: started beside the hub, ended by a signal."""

import argparse
import asyncio
import os
import resource
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.web import Application

from aula.submissions.given import Given
from aula.submissions.keys import Key
from aula.submissions.store import Store
from aula.web import serving
from aula.web.hand_in.application import application
from aula.web.hand_in.settings import HandInSettings, HandInSettingsError
from aula.web.serving import MOST_BODY, MOST_HEADERS, PATIENCE_S

BODY_PATIENCE_S = 300
"""A hand-in has limits of its own, and more time."""
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


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is told to end. Raises StoreError, HandInSettingsError, OSError."""
    settings, ended = HandInSettings.from_environment(), serving.told_to_end()
    context = encryption(options.certificate, options.key, options.authority)
    key = Key.kept(options.key_file)
    store = Store(options.handed_in, key)
    store.claim_all()
    threads, large = ThreadPoolExecutor(THREADS), ThreadPoolExecutor(THREADS_OF_LARGE)
    app = application(settings, store, Given(options.given), key.public, threads, large)
    listening = server(app, context)
    await serving.listen(listening, options, ended)
    await stopped(listening, app)


async def stopped(listening: HTTPServer, app: Application) -> None:
    """End the connections, and return when nothing is written any more and nobody waits for the hub."""
    await listening.close_all_connections()
    while tasks := set(app.settings["tasks"]):
        await asyncio.wait(tasks)
    for pool in ("large", "threads"):
        app.settings[pool].shutdown()
    app.settings["store"].close()
    await serving.forget_hub()


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
    command = serving.parser("hand_in", "Take what trainees hand in.")
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
    os.umask(0o027)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a class hands in at once
    return serving.run(serve(options), options, "aula.hand_in")
