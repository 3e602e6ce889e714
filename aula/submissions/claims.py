"""Who may write in the store: one process, which a lock on each course run's folder says."""

import fcntl
import os
import re
import shutil
from pathlib import Path
from threading import Lock

from aula.submissions.errors import NotThereError, StoreError

NEW, LOCK = ".new", ".lock"
"""In a course run's folder: what is not whole yet, and the lock."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
FOLDER_MODE = 0o750


class Claims:
    """The course runs that this process alone writes. They stay so until it ends, however it does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._turn = Lock()

    def all(self) -> list[str]:
        """Claim all that are there, and return them. Raises StoreError."""
        try:
            runs = sorted(path.name for path in self._folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir())
        except OSError as error:
            raise StoreError(f"{self._folder}: cannot be read: {error.strerror}") from error
        for run in runs:
            self.claim(run)
        return runs

    def claim(self, run: str) -> None:
        """Claim a run, once, and clear away what a killed process left half done. Raises NotThereError, StoreError."""
        with self._turn:
            if run in self._held:
                return
            folder = self._folder / run
            if not NAME.fullmatch(run) or not folder.is_dir():
                raise NotThereError("this course run takes no hand-ins yet: ask its instructor")
            try:
                self._held[run] = _locked(folder / LOCK)
                shutil.rmtree(folder / NEW, ignore_errors=True)
                (folder / NEW).mkdir(FOLDER_MODE, exist_ok=True)
            except BlockingIOError as error:
                raise StoreError(f"{folder}: another hand-in service writes here: stop it first") from error
            except OSError as error:
                raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Let another process write."""
        with self._turn:
            for handle in self._held.values():
                os.close(handle)
            self._held.clear()


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
