"""Runs the cells of a submission as a notebook's kernel would, and answers the judge between them."""

import random
import select
import socket
import sys
from contextlib import nullcontext, suppress
from typing import Any

from . import answering, box, frames, given, notebook, recorded

MOST = 32_000_000
"""Bytes of a cell."""
RECORDING = ".aula-recording"
"""The file in which the assignment has what Slurm's commands answer."""


def prepare() -> None:
    """Begin the shell that all students begin with."""
    notebook.begin()


def live(control: socket.socket, line: socket.socket, request: dict[str, Any]) -> None:
    """Run cells as they come, and answer the judge, until told to end, or nobody is there."""
    random.seed(request["seed"])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(request["seed"] % 2**32)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(request["seed"] % 2**32)
    path = box.WORK / RECORDING
    slurm = recorded.begin(path.read_text(encoding="utf-8")) if path.is_file() else None
    path.unlink(missing_ok=True)
    student = notebook.Notebook(request["limits"]["output_mb"])
    judge = answering.Answering(line, student.names)
    with slurm or nullcontext(), line, suppress(frames.ClosedError):
        while True:
            if line in select.select([control, line], [], [])[0]:
                if not judge.answer():
                    return
            elif (message := frames.receive(control, MOST)[0])["do"] == "end":
                return
            elif message["do"] == "file":
                frames.send(control, {"file": given.back(box.WORK / message["name"], message["most"])})
            else:
                frames.send(control, student.run(message["source"]))
