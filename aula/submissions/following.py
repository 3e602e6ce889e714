"""Folders that others write, opened without following a link of theirs to what they may not read."""

import os
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
