"""Following job arrays to their end: results as they come, and a word about each task that left none."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from aula_spawner.slurm.array import End, Task
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.squeue import Job as Queued
from aula_spawner.slurm.squeue import Phase

from aula.errors import RunError
from aula.run.arrays import ends, task
from aula.run.arrays.queue import Queue
from aula.run.executor import Look, Note
from aula.run.job import Job, Result

LOOKS_S, ASKS_S = 0.5, 3.0
"""Seconds between two looks at the results, and between two at Slurm's queue."""
SETTLES_S = 5.0
"""Seconds after a task's end in which the accounting hears of it."""
SHOWS_S = 70.0
"""Seconds in which a shared file system shows here what was written on a node: NFS may hide it for a minute."""
PATIENCE_S = 600.0
"""Seconds that Slurm may fail to answer, as where its controller starts anew."""


@dataclass(frozen=True)
class Array:
    """An array in the queue: its id, its folder of orders and results, what each task asked for, the tasks' jobs."""

    id: str
    folder: Path
    request: Request
    jobs: tuple[Job, ...]


def follow(queue: Queue, arrays: list[Array], note: Note, look: Look) -> None:
    """Note the result of each task, until all have one: its own, or why it died. Look meanwhile.

    Raises RunError where Slurm does not answer for long.
    """
    follower = Follower(queue, arrays)
    while follower.left:
        follower.ask()
        for result in follower.results():
            note(result)
        look(follower.words())
        if follower.left:
            time.sleep(LOOKS_S)


class Follower:
    """Knows which tasks have no result yet, and what Slurm says of them."""

    def __init__(self, queue: Queue, arrays: list[Array]) -> None:
        self._queue = queue
        self.left: dict[Task, Array] = {(one.id, number): one for one in arrays for number in range(len(one.jobs))}
        self._queued: dict[Task, Queued] = {}
        self._ends: dict[Task, End] = {}
        self._gone: dict[Task, float] = {}
        self._asked, self._answered = float("-inf"), time.monotonic()

    def ask(self) -> None:
        """Ask Slurm where the tasks are, unless it has just been asked."""
        now = time.monotonic()
        if now - self._asked < ASKS_S:
            return
        self._asked = now
        try:
            self._queued = self._queue.tasks()
            self._answered = now
        except RunError:
            if now - self._answered > PATIENCE_S:
                raise
            return
        for one in self.left:
            if one not in self._queued or self._queued[one].phase is Phase.ENDED:
                self._gone.setdefault(one, now)
        due = {one for one in self._gone if one in self.left and now - self._gone[one] >= SETTLES_S}
        if due - self._ends.keys():
            self._ends.update(self._known(due))

    def _known(self, due: set[Task]) -> dict[Task, End]:
        """Return how tasks ended: by the accounting, else by the queue, where either knows it."""
        found = {one: End(job.state) for one, job in self._queued.items() if one in due and job.phase is Phase.ENDED}
        with suppress(RunError):  # a Slurm without accounting
            found |= self._queue.ends(sorted({array for array, _ in due}))
        return found

    def results(self) -> list[Result]:
        """Return the results that are new, of the living and of the dead."""
        found = {one: result for one in self.left if (result := self._result(one))}
        for one in found:
            del self.left[one]
        return list(found.values())

    def _result(self, one: Task) -> Result | None:
        array = self.left[one]
        job, end = array.jobs[one[1]], self._ends.get(one)
        result = task.read_result(array.folder, one[1])
        for_s = time.monotonic() - self._gone.get(one, time.monotonic())
        if result and result.state == "ok":
            return result
        if for_s < SETTLES_S + (2 * ASKS_S if end is None else 0):
            return None  # Slurm may have a word to add to a failure
        if result:
            return replace(result, error=result.error + ends.addition(job, array.request, end))
        if (end is None or end.state == "COMPLETED") and for_s < SHOWS_S:
            return None
        return self._death(one, job, array, end)

    def _death(self, one: Task, job: Job, array: Array, end: End | None) -> Result:
        try:
            log = task.log_file(array.folder, one[1]).read_text(encoding="utf-8", errors="replace")
        except OSError:
            log = None
        state, error = ends.words(job, array.request, end, log)
        host = (self._queued[one].node or "") if one in self._queued else ""
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return Result(job.course, f"{job.kind}/{job.name}", state, 0.0, when, host, "", error, job.source)

    def words(self) -> str:
        """Return how many tasks wait, and for what, as Slurm calls it."""
        why = Counter(
            job.reason or "no reason given"
            for one, job in self._queued.items()
            if one in self.left and job.phase is Phase.WAITING
        )
        return ", ".join(f"{number} wait ({reason})" for reason, number in why.items())
