"""Folders that others write, opened without following a link of theirs to what they may not read."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aula.submissions.errors import NotThereError


@contextmanager
def opened(root: Path, *parts: str) -> Iterator[int]:
    """Open a folder below one that is trusted. Raises NotThereError where it is none, or a link leads there."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            try:
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
            except (FileNotFoundError, NotADirectoryError) as error:
                raise NotThereError(f"there is no {part}") from error
            handle, above = below, handle
            os.close(above)
        yield handle
    finally:
        os.close(handle)


def read(name: str, folder: int, within_s: float = float("inf")) -> bytes | None:
    """Return what a real file in an opened folder holds, if it was written so lately; None of anything else."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123  by its number: its name may lead elsewhere by now
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or time.time() - status.st_mtime > within_s:
            return None
        return file.read()
