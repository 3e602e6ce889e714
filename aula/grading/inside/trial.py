"""A box in which nothing of a submission runs: it tells whether a machine permits boxes."""

import socket
from typing import Any

from . import frames

MOST = 1000


def prepare() -> None:
    """Load nothing."""


def live(control: socket.socket, line: socket.socket, request: dict[str, Any]) -> None:
    """Answer once."""
    line.close()
    frames.receive(control, MOST)
    frames.send(control, {"seed": request["seed"]})
