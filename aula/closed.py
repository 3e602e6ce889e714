"""Folders that hold solutions: closed to every account but the owner's and its group; and what lies in them."""

import os
import stat
from pathlib import Path


def make(folder: Path) -> None:
    """Make the folder if it is missing, and close it to others."""
    folder.mkdir(parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if mode & 0o007:
        folder.chmod(mode & ~0o007)


def read_own(path: Path) -> str:
    """Return the text of a file that this account wrote. Raises OSError where it is no file, or somebody else's."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="utf-8") as file:  # noqa: PTH123  by its number: no link is followed
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise PermissionError(f"{path}: somebody else wrote it: remove it")
        return file.read()
