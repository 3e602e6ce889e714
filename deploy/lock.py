"""One `up` or `down` at a time for each state folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.errors import BusyError


@contextmanager
def exclusive(state: Path) -> Iterator[None]:
    """Hold the state folder's lock. The kernel releases it when this process ends, however it ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / ".lock").open("w") as file:
        os.fchmod(file.fileno(), 0o600)  # whoever could open it could hold it, and stop every make up
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"Another make up or make down works on {state}. Wait until it has ended.") from error
        yield
