"""Copies the files that an assignment gives into the private folder of a box, and reads one that it was left."""

import base64
import os
import shutil
import stat
from pathlib import Path

MOST_FILES = 5000
DEPTH = 20


class GivenError(Exception):
    """The assignment's files cannot be given; the text says why."""


def back(path: Path, most: int) -> str | None:
    """Return the beginning of a real file, in base64; None where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            real = stat.S_ISREG(os.fstat(descriptor).st_mode)
            return base64.b64encode(file.read(most)).decode() if real else None
    except OSError:
        return None


def copy(folder: int, to: Path, most: int, depth: int = DEPTH) -> int:
    """Copy the real files below an open folder, of at most so many bytes together; return how many bytes are left.

    Links, devices and pipes stay out. Raises GivenError where there is too much, or something cannot be read.
    """
    if not depth:
        raise GivenError(f"the assignment's folders are more than {DEPTH} deep")
    try:
        names = os.listdir(folder)
        if len(names) > MOST_FILES:
            raise GivenError(f"a folder of the assignment has more than {MOST_FILES} files")
        for name in names:
            kind = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(kind.st_mode):
                (to / name).mkdir()
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                try:
                    most = copy(below, to / name, most, depth - 1)
                finally:
                    os.close(below)
            elif stat.S_ISREG(kind.st_mode):
                most -= kind.st_size
                if most < 0:
                    raise GivenError("the assignment's files are larger than a submission's may be")
                source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
                with open(source, "rb") as one, (to / name).open("wb") as other:  # noqa: PTH123  a descriptor
                    shutil.copyfileobj(one, other)
                (to / name).chmod(0o700 if kind.st_mode & 0o100 else 0o600)
    except OSError as error:
        raise GivenError(f"the assignment's files cannot be copied: {error}") from error
    return most
