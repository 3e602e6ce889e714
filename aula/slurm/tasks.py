"""Where the tasks of our arrays are, and how those ended that Slurm no longer runs."""

import time
from collections import Counter
from collections.abc import Collection
from contextlib import suppress

from aula_spawner.slurm.array import End, Task
from aula_spawner.slurm.squeue import Job, Phase

from aula.errors import RunError
from aula.slurm.queue import Queue

LOOKS_S, ASKS_S = 0.5, 3.0
"""Seconds between two looks at what tasks write, and between two at Slurm's queue."""
SETTLES_S = 5.0
"""Seconds after a task's end in which the accounting hears of it."""
SHOWS_S = 70.0
"""Seconds in which a shared file system shows here what was written on a node: NFS may hide it for a minute."""
PATIENCE_S = 600.0
"""Seconds that Slurm may fail to answer, as where its controller starts anew."""


class Tasks:
    """What Slurm says of the tasks of a queue's jobs."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._queued: dict[Task, Job] = {}
        self._ends: dict[Task, End] = {}
        self._gone: dict[Task, float] = {}
        self._asked, self._answered = float("-inf"), time.monotonic()

    def ask(self, left: Collection[Task]) -> None:
        """Ask where these tasks are, unless it was just asked. Raises RunError where nobody answers for long."""
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
        for one in left:
            if one not in self._queued or self._queued[one].phase is Phase.ENDED:
                self._gone.setdefault(one, now)
        due = {one for one in self._gone if one in left and now - self._gone[one] >= SETTLES_S}
        if due - self._ends.keys():
            self._ends.update(self._known(due))

    def _known(self, due: set[Task]) -> dict[Task, End]:
        """Return how tasks ended: by the accounting, else by the queue, where either knows it."""
        found = {one: End(job.state) for one, job in self._queued.items() if one in due and job.phase is Phase.ENDED}
        with suppress(RunError):  # a Slurm without accounting
            found |= self._queue.ends(sorted({array for array, _ in due}))
        return found

    def end(self, one: Task) -> End | None:
        """Return how a task ended; None where nobody knows it, or it has not."""
        return self._ends.get(one)

    def is_settled(self, one: Task) -> bool:
        """Return whether a task has ended, and Slurm has had the time to say how."""
        return self._gone_s(one) >= SETTLES_S + (2 * ASKS_S if one not in self._ends else 0)

    def is_shown(self, one: Task) -> bool:
        """Return whether a task has ended, and all is to be seen here that it wrote: it will say no more."""
        end = self._ends.get(one)
        is_quiet = end is None or end.state == "COMPLETED"  # whom something has killed did not write to the end
        return self.is_settled(one) and (not is_quiet or self._gone_s(one) >= SHOWS_S)

    def _gone_s(self, one: Task) -> float:
        """Return for how many seconds a task has been gone; less than 0 while it is there."""
        return time.monotonic() - self._gone[one] if one in self._gone else -1.0

    def node(self, one: Task) -> str:
        """Return the node that a task ran on; "" where that is not known any more."""
        return (self._queued[one].node or "") if one in self._queued else ""

    def words(self, left: Collection[Task]) -> str:
        """Return how many of these tasks wait, and for what, as Slurm calls it."""
        why = Counter(
            job.reason or "no reason given"
            for one, job in self._queued.items()
            if one in left and job.phase is Phase.WAITING
        )
        return ", ".join(f"{number} wait ({reason})" for reason, number in why.items())
