"""How many connections may wait until the hub takes them."""

from functools import partialmethod

from tornado.httpserver import HTTPServer

BACKLOG = 4096
"""As many as Linux allows. Tornado's 128 is less than a class that presses a button at once: who came later was cut
off, or waited for seconds."""


def widen() -> None:
    """Let every web server of this process have it: JupyterHub has no setting for its own."""
    HTTPServer.listen = partialmethod(HTTPServer.listen, backlog=BACKLOG)  # type: ignore[assignment,method-assign]
