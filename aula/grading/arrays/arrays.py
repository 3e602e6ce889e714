"""Grading as job arrays of Slurm: a share of the submissions a task, each with sandboxes of its own."""

import math
import os
import pwd
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import clock
from pydantic import ValidationError

from aula import job_script
from aula.errors import RunError
from aula.grading.arrays import task
from aula.grading.arrays.follow import Array, Follower
from aula.grading.errors import GradingError
from aula.grading.handed_in import Submission
from aula.grading.here import Here
from aula.grading.record import Records
from aula.grading.work import Coming, Work
from aula.slurm.queue import Queue, named
from aula.slurm.under_way import end_earlier, under_way

NAME = "aula-grading"
"""How the names of all our jobs begin."""
FOLDER = "slurm"
FEWEST, MOST = 20, 16
"""Submissions that are worth a task of their own, which loads for seconds what they import; and tasks of an array."""
STARTS_S = 180
"""Seconds that a task gets beyond the time that its submissions may take."""
OWN_MB = 1024
"""Megabytes that a task gets beyond those of its submissions: what is loaded, and what grades."""
LEAST_CORES = 2
"""A task's two sandboxes load at the same time."""
KEPT = {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "JUPYTER_PATH", "TMPDIR"}
KEPT |= {"HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL"}
"""What a task gets of our environment, beside the way to Slurm: a service's has its tokens."""


@dataclass(frozen=True)
class Arrays:
    """Grades on a Slurm; without a partition, on its usual one."""

    environment: Mapping[str, str]
    partition: str | None = None
    account: str | None = None

    def grade(
        self, work: Work, todo: Mapping[Submission, str], records: Records, tell: Callable[[str], None]
    ) -> Coming:
        """Yield what comes of each submission, as it comes; whatever interrupts that cancels our jobs, and no others.

        What a task left undone when it died is tried once more. Raises GradingError also where Slurm refuses.
        An assignment with a job script is graded on this machine: nodes may not submit as the account of scripts.
        """
        if job_script.read(work.run_dir, work.assignment):
            tell("This assignment has a job script, which is submitted from here: it is graded on this machine.")
            yield from Here().grade(work, todo, records, tell)
            return
        mine = {key: text for key, text in self.environment.items() if key in KEPT or key.startswith("SLURM_")}
        queue = Queue.of(mine, named(NAME), "ask for less with --jobs")
        with self._asking():
            batch = _Batch(queue, work, records, tell, queue.partition(self.partition), self.account)
            end_earlier(queue, records.folder, NAME, tell)
            with under_way(queue, records.folder, tell):
                shutil.rmtree(records.folder / FOLDER, ignore_errors=True)
                yield from batch.grade(todo)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Let what Slurm refuses be told with what to ask for."""
        try:
            yield
        except RunError as error:
            me = pwd.getpwuid(os.geteuid()).pw_name
            where = f"the partition '{self.partition}'" if self.partition else "its usual partition"
            raise GradingError(
                f"nothing more is graded: {error}\nWhere people grade by a button, tell the class's operator: Slurm "
                f"must answer on this machine, and let the account '{me}' submit to {where}."
            ) from error


@dataclass(frozen=True)
class _Batch:
    """A batch on its way through Slurm: an array with all, then one with what that left."""

    queue: Queue
    work: Work
    records: Records
    tell: Callable[[str], None]
    partition: str
    account: str | None

    def grade(self, todo: Mapping[Submission, str]) -> Coming:
        """Yield what comes. The first array gives back who needs long, to come when no others wait."""
        first = self._submitted("first", _shares(todo, FEWEST), others_wait=len(todo) > self.work.jobs)
        yield from first.graded()
        yield from first.changed.items()
        if first.lost:
            why = "\n".join(sorted(set(first.lost.values())))
            self.tell(f"{len(first.lost)} were left undone, and are tried once more: {why}")
        if left := {one: todo[one] for one in (*first.longer, *first.lost)}:
            # In tasks of their own, as far as may be: who has made one die makes no other's die.
            second = self._submitted("second", _shares(left, 1), others_wait=False)
            yield from second.graded()
            yield from (second.changed | second.lost).items()

    def _submitted(self, name: str, shares: tuple[Mapping[Submission, str], ...], *, others_wait: bool) -> Follower:
        """Submit an array with a task for each share, and return what follows it."""
        folder, request = self.records.folder / FOLDER / name, self._request(len(shares[0]))
        students = tuple({one.student: digest for one, digest in share.items()} for share in shares)
        task.write(task.Order(self.work, self.records.folder, students, others_wait), folder)
        job_id = self.queue.submit(request, len(shares), None, str(task.log_file(folder)), task.words(folder))
        many = sum(map(len, shares))
        what = f"{many} submission{'s' * (many > 1)} in {len(shares)} task{'s' * (len(shares) > 1)}"
        asked = f"cores {request.cores}, memory {request.memory}, time {request.walltime}"
        self.tell(f"Slurm job {job_id}: {what} in partition {request.partition}, each with {asked}")
        return Follower(self.queue, Array(job_id, folder, request, shares), self.records, self.tell)

    def _request(self, most: int) -> Request:
        """Return what a task asks for that has at most so many submissions."""
        jobs, limits = self.work.jobs, self.work.limits
        seconds = STARTS_S + math.ceil(most / jobs) * limits.wall_s
        try:
            return Request(
                partition=self.partition,
                cores=max(jobs, LEAST_CORES),
                memory=f"{OWN_MB + min(jobs, most) * limits.memory_mb}M",
                walltime=clock(60 * math.ceil(seconds / 60)),
                account=self.account,
            )
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise GradingError(f"Slurm cannot be asked for this: {wrong}") from error


def _shares(todo: Mapping[Submission, str], fewest: int) -> tuple[dict[Submission, str], ...]:
    """Return what each task is to grade, the largest share first: `fewest` or more where more tasks may not be."""
    items, tasks = list(todo.items()), min(MOST, math.ceil(len(todo) / fewest))
    return tuple(dict(items[number::tasks]) for number in range(tasks))
