"""Runs the cells of a submission as a notebook's kernel would."""

import random
import socket
import sys
from contextlib import suppress
from typing import Any

from . import frames, notebook

MOST = 32_000_000
"""Bytes of a cell."""


def prepare() -> None:
    """Begin the shell that all students begin with."""
    notebook.begin()


def live(control: socket.socket, line: socket.socket, request: dict[str, Any]) -> None:
    """Run cells as they come, until told to end, or nobody is there. The line to the judge stays open."""
    random.seed(request["seed"])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(request["seed"] % 2**32)
    student = notebook.Notebook(request["limits"]["output_mb"])
    with line, suppress(frames.ClosedError):
        while (message := frames.receive(control, MOST)[0])["do"] != "end":
            frames.send(control, student.run(message["source"]))
