"""Following an array to its end: what comes of each submission, as it comes, and why nothing came of the others."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aula_spawner.slurm.array import Task
from aula_spawner.slurm.profile import Request

from aula.grading.arrays import task
from aula.grading.errors import GradingError
from aula.grading.handed_in import Submission
from aula.grading.mark import Graded
from aula.grading.record import Records
from aula.grading.work import LONGER
from aula.slurm import ends
from aula.slurm.queue import Queue
from aula.slurm.tasks import Tasks

LOOKS_S = 0.2
"""Seconds between two looks at what tasks have done."""
WAITS_S = 5.0
"""Seconds after which it is told that tasks wait in Slurm's queue, and for what."""
CHANGED = "it was handed in anew meanwhile"


@dataclass(frozen=True)
class Array:
    """An array in the queue: its id, its folder, what each task asked for, and each task's submissions."""

    id: str
    folder: Path
    request: Request
    shares: tuple[Mapping[Submission, str], ...]


class Follower:
    """Follows one array."""

    def __init__(self, queue: Queue, array: Array, records: Records, tell: Callable[[str], None]) -> None:
        self._array, self._records, self._tell = array, records, tell
        self._tasks, self._waits = Tasks(queue), ""
        self._left = {(array.id, number): dict(share) for number, share in enumerate(array.shares)}
        self.longer: list[Submission] = []
        """Those that need longer than their turn."""
        self.lost: dict[Submission, str] = {}
        """Those that a task left undone when it died, and why it did."""
        self.changed: dict[Submission, str] = {}
        """Those that were handed in anew, and that word."""

    def graded(self) -> Iterator[tuple[Submission, Graded]]:
        """Yield what comes, until nothing more will come.

        Raises GradingError where a task says that nothing can be graded, RunError where Slurm does not answer for long.
        """
        began = time.monotonic()
        while self._left:
            self._tasks.ask(self._left)
            for one in list(self._left):
                yield from self._look(one)
                if not self._left[one]:
                    del self._left[one]
            waits = self._tasks.words(self._left)
            if waits != self._waits and time.monotonic() > began + WAITS_S:
                self._waits = waits
                self._tell(f"In Slurm's queue: {waits or 'nothing waits any more'}")
            if self._left:
                time.sleep(LOOKS_S)

    def _look(self, one: Task) -> Iterator[tuple[Submission, Graded]]:
        """Yield what a task has done since the last look; when it has died, note it of what it has left."""
        share, is_over = self._left[one], self._tasks.is_shown(one)
        try:
            report = task.read_report(self._array.folder, one[1])
        except (OSError, ValueError) as error:
            raise GradingError(f"a task's report cannot be used: {error}") from error
        if report.error:
            raise GradingError(report.error)
        for submission, digest in list(share.items()):
            if submission.student in report.longer:
                self.longer.append(submission)
                self._tell(f"{submission.student} {LONGER}")
            elif submission.student in report.changed:
                self.changed[submission] = CHANGED
            elif graded := self._records.find(digest):
                yield submission, graded
            elif is_over:
                self.lost[submission] = self._death(one)
            else:
                continue
            del share[submission]

    def _death(self, one: Task) -> str:
        """Return why a task left something undone, with the end of its log."""
        try:
            log = task.log_file(self._array.folder, one[1]).read_text(encoding="utf-8", errors="replace")
        except OSError:
            log = ""
        name, end = f"{one[0]}_{one[1]}", self._tasks.end(one)
        why = ends.words(self._array.request, end) if end else "Slurm no longer knows how it ended"
        return f"Slurm's task {name} died: {why}{ends.tail(log)}"
