"""One `up` or `down` at a time for each state folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.errors import BusyError


@contextmanager
def exclusive(state: Path, *, patience: float = 0) -> Iterator[None]:
    """Hold the state folder's lock, waiting for it up to `patience` seconds; raise BusyError otherwise.

    The kernel releases it when this process ends, however it ends.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / ".lock").open("w") as file:
        os.fchmod(file.fileno(), 0o600)  # whoever could open it could hold it, and stop every make up
        deadline = time.monotonic() + patience
        while not _taken(file.fileno()):
            if time.monotonic() >= deadline:
                raise BusyError(f"Another make up or make down works on {state}. Wait until it has ended.")
            time.sleep(0.1)
        yield


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
