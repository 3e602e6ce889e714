"""One folder that a trainee has handed in, in nbgrader's exchange: a stranger's, and taken as such."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import notebook_hash

from aula.grading.errors import SubmissionError

SECRET, STAMP = "submission_secret.txt", "timestamp.txt"
LONGEST_SECRET = 1000
MOST_BYTES = 20_000_000
MOST_FILES = 200
DEEPEST = 10
"""Folders within one another."""
PARTS = 4
"""Of the name of what is handed in: student, assignment, time, and something random."""


@dataclass(frozen=True)
class HandedIn:
    """A folder in a course run's inbound. Who handed it in is its owner, whatever its name says."""

    path: Path
    assignment: str
    owner: int
    at: float

    def page(self) -> str:
        """Return the name of the page that nbgrader shows as this hand-in's feedback.

        Raises SubmissionError where nobody could find it, OSError where the folder is gone.
        """
        with _opened(self.path) as folder:
            secret = _content(SECRET, folder, self.owner, LONGEST_SECRET)
        if not secret or len(secret) > LONGEST_SECRET:
            raise SubmissionError(f"{SECRET} is not what nbgrader writes")
        return f"{notebook_hash(secret=secret.decode(errors='replace'), notebook_id=self.assignment)}.html"

    def take(self, to: Path) -> bool:
        """Copy its files to a folder; return whether any was left out: links, what is no file, other accounts' files.

        Raises SubmissionError where they are too many or too big, OSError where the folder is gone.
        """
        count, size, left = 0, 0, False
        with _opened(self.path) as top:
            for where, folders, names, place in os.fwalk(".", dir_fd=top):
                if len(Path(where).parts) >= DEEPEST:
                    left |= bool(folders)
                    folders.clear()
                left |= any(stat.S_ISLNK(os.lstat(name, dir_fd=place).st_mode) for name in folders)
                (to / where).mkdir(exist_ok=True)
                for name in names:
                    content = _content(name, place, self.owner, MOST_BYTES - size)
                    if content is None:
                        left = True
                        continue
                    count, size = count + 1, size + len(content)
                    if count > MOST_FILES or size > MOST_BYTES:
                        most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
                        raise SubmissionError(f"what was handed in has over {most}, which is too much for a result now")
                    (to / where / name).write_bytes(content)
        return left


def whole(path: Path) -> HandedIn | None:
    """Return what was handed in there; None while nbgrader still copies it, and of what it did not write.

    Raises OSError where it is no folder, or gone.
    """
    parts = path.name.split("+")
    if len(parts) != PARTS:
        raise NotADirectoryError(f"{path.name}: nbgrader calls no folder so")
    with _opened(path) as folder:
        status = os.fstat(folder)
        with os.scandir(folder) as entries:
            there = {entry.name for entry in entries}
    if not {SECRET, STAMP, f"{parts[1]}.ipynb"} <= there or status.st_mode & stat.S_IRWXO != stat.S_IRWXO:
        return None
    return HandedIn(path, parts[1], status.st_uid, status.st_mtime)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a folder, and no link to one."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    finally:
        os.close(folder)


def _content(name: str, folder: int, owner: int, most: int) -> bytes | None:
    """Return what a file of its owner's holds, and no more than a byte over the most; None of anything else."""
    if not stat.S_ISREG(os.lstat(name, dir_fd=folder).st_mode):
        return None
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123  by its number: its name may lead elsewhere by now
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != owner:
            return None
        return file.read(most + 1)
