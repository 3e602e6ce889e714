"""The cores of the nodes, which one test at a time fills."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.classroom import Classroom


@contextmanager
def undisturbed(classroom: Classroom) -> Iterator[None]:
    """Let no other test that enters here fill the nodes, or count on free cores, while the block lasts."""
    with (Path(tempfile.gettempdir()) / f"aula-test-{classroom.settings.name}-cores.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
