"""What was corrected in a course run since it began, as its people read it: from the histories of what they get."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aula.errors import ReleaseError
from aula.release import versions

log = logging.getLogger("aula.portal")
MOST = 5
LESSONS = "lessons"


@dataclass(frozen=True)
class Correction:
    """A version after the first: of the lessons, or of an assignment by its name; and what its author says of it."""

    of: str
    at: datetime
    number: int
    note: str


class Corrections:
    """The latest corrections of each run, remembered for some seconds: hundreds open the same run's page at once."""

    def __init__(self, folder: Path | None, seconds: float = 10, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._seconds, self._clock = folder, seconds, clock
        self._known: dict[str, tuple[float, tuple[Correction, ...]]] = {}

    def of(self, run: str) -> tuple[Correction, ...]:
        """Return a run's, the latest first; none where there is no folder, or where it cannot be read."""
        if self._folder is None:
            return ()
        at, found = self._known.get(run, (float("-inf"), ()))
        if at < self._clock() - self._seconds:
            found = tuple(sorted(_read(self._folder / run), key=lambda one: (one.at, one.number), reverse=True)[:MOST])
            self._known[run] = (self._clock(), found)
        return found


def _read(folder: Path) -> Iterator[Correction]:
    for history in (folder / LESSONS, *sorted(folder.glob("assignments/*"))):
        name = LESSONS if history.parent == folder else history.name
        try:
            yield from (Correction(name, one.at, one.number, one.note) for one in versions.read(history)[1:])
        except ReleaseError as error:
            log.warning("%s", error)
