"""The folder of the exchange where a course run's trainees hand in, looked at again and again."""

import time
from collections.abc import Iterable
from pathlib import Path

from aula.grading.standing import handed_in
from aula.grading.standing.handed_in import HandedIn

PATIENCE_S = 120.0
"""Seconds after which what is still not whole is left alone."""


class Inbound:
    """What was handed in since it was looked at last. Shared file systems tell nobody: it has to be asked."""

    def __init__(self, folder: Path, known: Iterable[str]) -> None:
        self._folder, self._known = folder, set(known)
        self._first: dict[str, float] = {}

    def new(self) -> list[HandedIn]:
        """Return what is there whole and was not returned before, the oldest first."""
        found, now = [], time.monotonic()
        for name in {path.name for path in self._folder.iterdir()} - self._known:
            try:
                one = handed_in.whole(self._folder / name)
            except OSError:
                self._known.add(name)  # no folder, or no hand-in of nbgrader's
                continue
            if one:
                self._known.add(name)
                self._first.pop(name, None)
                found.append(one)
            elif now > self._first.setdefault(name, now) + PATIENCE_S:
                self._known.add(name)
                del self._first[name]
        return sorted(found, key=lambda one: one.at)
