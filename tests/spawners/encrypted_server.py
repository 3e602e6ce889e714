"""What a job does under internal TLS, in the test's own process: it takes its credentials and serves with them."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aula_spawner import singleuser
from aula_spawner.credentials import Credentials

LONG_ENOUGH_S = 10


class EncryptedServer(BaseHTTPRequestHandler):
    """Answers every request as a single-user server would."""

    def do_GET(self) -> None:
        """Say hello."""
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def signed(environment: dict[str, str]) -> Credentials:
    """Take the start's credentials out of a job's environment and have the hub sign the server's key."""
    credentials = Credentials(environment)
    credentials.have_signed(lambda path, body: ask(environment, credentials, path, body))
    return credentials


def ask(environment: dict[str, str], credentials: Credentials, path: str, body: object) -> object:
    """Post something to the hub as the job does."""
    address, token = f"{environment['JUPYTERHUB_API_URL']}/{path}", environment["JUPYTERHUB_API_TOKEN"]
    return singleuser.insist(address, token, body, path, LONG_ENOUGH_S, credentials.context)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[int]:
    """Serve with what the job's environment names, as jupyter_server does, and yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(environment["JUPYTERHUB_SSL_CERTFILE"], environment["JUPYTERHUB_SSL_KEYFILE"])
    context.load_verify_locations(environment["JUPYTERHUB_SSL_CLIENT_CA"])
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), EncryptedServer)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who is refused is no error of the test
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, daemon=True).start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
