"""Loads Python and what submissions import, once; each student and each judge begins as a copy of that.

It runs alone in a sandbox and ends when the door does: the socket on which it is asked. A request is one JSON object
with the descriptors of a lifeline, a control socket, a line and, where files are given, their folder.
"""

import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from types import ModuleType

from . import fork

MOST = 100_000
"""Bytes of a request."""
DESCRIPTORS = 4
# What is otherwise loaded, each time anew, when a cell first shows an error, a result, a figure or a table, starts a
# program, or uses what a package loads late by itself.
SHOWING = ("IPython.core.logger", "bdb", "pexpect", "stack_data", "pygments.lexers.python")
COLOURS = ("pygments.formatters.html", "pygments.formatters.terminal256")
FIGURES = ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline")
PICTURES = tuple(f"PIL.{kind}ImagePlugin" for kind in ("Bmp", "Gif", "Jpeg", "Png", "Ppm"))
BESIDE = {
    "IPython": (*SHOWING, *COLOURS, "executing", "pure_eval"),
    "matplotlib": (*FIGURES, *PICTURES),
    "numpy": ("numpy.ma", "numpy.random", "numpy.testing"),
    "pandas": ("pandas.core.reshape.reshape", "pandas.io.formats.html", "pandas.io.formats.string"),
    "torch": ("torch._dynamo",),
}


def load(names: list[str]) -> None:
    """Import modules, whatever they say: a submission that imports one finds it loaded."""
    for name in names:
        # Whatever is wrong with a module: whoever imports it will be told.
        said = io.StringIO()
        with warnings.catch_warnings(), redirect_stdout(said), redirect_stderr(said), suppress(Exception):
            warnings.simplefilter("ignore")
            importlib.import_module(name)


def serve(door: socket.socket, role: ModuleType) -> None:
    """Fork a student or a judge for each request, until the door closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a fork tells itself how its box ended
    while True:
        asked, descriptors, _, _ = socket.recv_fds(door, MOST, DESCRIPTORS)
        if not asked:
            return
        lifeline, *others = descriptors
        if not os.fork():
            fork.become(json.loads(asked), socket.socket(fileno=lifeline), others, role.live)
        for one in descriptors:
            os.close(one)


def main() -> None:
    """Load, and serve."""
    gc.disable()  # while all that is loaded stays, looking for circles in it is in vain
    door, name, *modules = sys.argv[1:]
    for folder in (os.environ["HOME"], os.environ["MPLCONFIGDIR"], os.environ["IPYTHONDIR"]):
        os.mkdir(folder)  # noqa: PTH102  of this sandbox's own
    role = importlib.import_module(f".{name}", __package__)
    role.prepare()
    load(modules)
    load([beside for name, more in BESIDE.items() if name in sys.modules for beside in more])
    gc.freeze()
    serve(socket.socket(fileno=int(door)), role)
