"""What a course run's trainees have handed in, as the hand-in service notes it: read on, again and again."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from aula.submissions.errors import NotThereError
from aula.submissions.store import INDEX, HandedIn, Store


class Inbound:
    """What was handed in since it was looked at last; `folder` is the course run's in the store.

    On a shared file system a file of lines costs one look, where the folders of a class cost thousands.
    """

    def __init__(self, folder: Path, known: Iterable[str]) -> None:
        self._index, self._known = folder / INDEX, set(known)
        self._store, self._run = Store(folder.parent), folder.name
        self._number = self._read = 0

    def new(self) -> list[HandedIn]:
        """Return what was handed in and was not returned before, the oldest first."""
        found = [one for line in self._lines() if (one := self._one(line)) and key_of(one) not in self._known]
        self._known.update(map(key_of, found))
        return found

    def _lines(self) -> list[bytes]:
        """Return the lines that came since; one that is still being written comes the next time."""
        try:
            with self._index.open("rb") as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._number or status.st_size < self._read:  # it came back from a backup
                    self._number, self._read = status.st_ino, 0
                file.seek(self._read)
                text = file.read()
        except FileNotFoundError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.splitlines()

    def _one(self, line: bytes) -> HandedIn | None:
        """Return what a line is about; None where it says nothing, or what it names is not there."""
        try:
            told = json.loads(line)
            return self._store.get(self._run, told["student"], told["assignment"], told["number"])
        except (ValueError, KeyError, TypeError, NotThereError):
            return None


def key_of(one: HandedIn) -> str:
    """Return what names a hand-in within its course run."""
    return f"{one.student}/{one.assignment}/{one.number}"
