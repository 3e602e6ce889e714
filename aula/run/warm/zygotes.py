"""Starting and ending a zygote: the process that kernels are forked from."""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aula import kernel

PROGRAM, ALONE = (Path(__file__).with_name(name) for name in ("zygote.py", "alone.py"))
BACKLOG = 128
LEAVES_S = 10
"""Seconds in which a zygote ends its kernels and itself."""


@contextmanager
def zygote(
    modules: Iterable[str], name: str = kernel.NAME, *, alone: bool = False, seed: str | None = None
) -> Iterator[Path]:
    """Run a zygote of that kernel's interpreter with these modules loaded; yield its socket.

    It need not be ready: whoever asks for a kernel waits until it is. All its kernels end with the block. Alone, they
    have no network and two cores: see `can_be_alone`. seed is Python's hash seed in them.
    """
    with waiting(name, alone=alone, seed=seed) as load:
        yield load(modules)


@contextmanager
def waiting(
    name: str = kernel.NAME, *, alone: bool = False, seed: str | None = None
) -> Iterator[Callable[[Iterable[str]], Path]]:
    """Run a zygote that loads what every kernel needs; yield what tells it which modules to load, and gives its socket.

    So it can begin before it is known which notebooks are to be executed.
    """
    python = str(kernel.python(name))
    with (
        tempfile.TemporaryDirectory(prefix="aula-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door,
    ):
        path = Path(folder, "zygote")
        door.bind(str(path))
        door.listen(BACKLOG)
        process = subprocess.Popen(
            [*([python, str(ALONE)] if alone else []), python, str(PROGRAM), str(door.fileno())],
            stdin=subprocess.PIPE,
            env=os.environ if seed is None else {**os.environ, "PYTHONHASHSEED": seed},
            pass_fds=[door.fileno()],
            start_new_session=True,  # what a keyboard interrupts ends with the block
        )

        def load(modules: Iterable[str]) -> Path:
            with suppress(BrokenPipeError):  # it has died: whoever asks it for a kernel will hear so
                os.write(process.stdin.fileno(), f"{json.dumps([*modules])}\n".encode())  # type: ignore[union-attr]  # a pipe
            return path

        try:
            yield load
        finally:
            try:
                process.communicate(timeout=LEAVES_S)  # the end of its input is its own
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def can_be_alone() -> bool:
    """Whether this account may give kernels a network of their own: root, and others where the system permits it."""
    python = str(kernel.python())
    words = [python, str(ALONE), python, "-c", ""]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
