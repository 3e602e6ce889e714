"""Executing notebooks as job arrays of Slurm: one for each set of resources."""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import clock
from pydantic import ValidationError

from aula.errors import RunError
from aula.run.arrays import follow, task
from aula.run.arrays.follow import Array
from aula.run.cache import Cache, key
from aula.run.executor import Look, Note
from aula.run.job import Job
from aula.slurm import under_way
from aula.slurm.queue import Queue, named

NAME = "aula-notebooks"
"""How the names of all our jobs begin."""
LESS = "ask for less under 'resources' in course.yml"
STARTS_S = 180
"""Seconds that a task gets beyond its notebook's time limit: to load what it imports, and to write its result."""
OWN_MB = 512
"""Megabytes that a task gets beyond its notebook's: for what executes it."""


@dataclass(frozen=True)
class Arrays:
    """Executes notebooks on a Slurm; without a partition, on its usual one."""

    environment: Mapping[str, str]
    partition: str | None = None
    account: str | None = None
    most: int | None = None
    """How many tasks of an array may run at once; none: as many as Slurm lets."""
    tell: Callable[[str], None] = print

    def prepare(self, out: Path) -> None:
        """Look whether Slurm is there, and end what a run that was cut off left in it. Raises RunError."""
        queue = self._queue()
        queue.partition(self.partition)
        under_way.end_earlier(queue, out, NAME, self.tell)

    def execute(self, left: list[Job], cache: Cache | None, note: Note, look: Look) -> None:
        """Submit the jobs, and follow them to their end; whatever interrupts that cancels them, and no others."""
        queue, out = self._queue(), left[0].out
        partition = queue.partition(self.partition)
        groups = self._groups(left, partition)
        with under_way.under_way(queue, out, self.tell):
            arrays = [self._submit(queue, number, *group, cache) for number, group in enumerate(groups.items())]
            follow.follow(queue, arrays, note, look)

    def _queue(self) -> Queue:
        return Queue.of(self.environment, named(NAME), LESS)

    def _groups(self, left: list[Job], partition: str) -> dict[Request, list[Job]]:
        """Return the jobs by what they ask for; those that say no wall time have the longest that one of them needs."""
        by_needs: dict[tuple[object, ...], list[Job]] = {}
        for job in left:
            needs = job.resources
            by_needs.setdefault((needs.cores, needs.memory_gb, needs.gpus, needs.minutes), []).append(job)
        return {self._request(jobs, partition): jobs for jobs in by_needs.values()}

    def _request(self, jobs: list[Job], partition: str) -> Request:
        needs = jobs[0].resources
        minutes = needs.minutes or math.ceil((max(job.time_limit_s for job in jobs) + STARTS_S) / 60)
        try:
            return Request(
                partition=partition,
                cores=needs.cores or 1,
                memory=f"{math.ceil(1024 * (needs.memory_gb or 1)) + OWN_MB}M",
                walltime=clock(60 * minutes),
                gpus=needs.gpus or 0,
                account=self.account,
            )
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise RunError(f"{jobs[0].title}: Slurm cannot be asked for this: {wrong}") from error

    def _submit(self, queue: Queue, number: int, request: Request, jobs: list[Job], cache: Cache | None) -> Array:
        folder = jobs[0].out / "work" / "slurm" / str(number)
        task.write([task.Order(job, key(job), cache.folder if cache else None) for job in jobs], folder)
        words = [sys.executable, "-m", task.__name__, str(folder)]
        job_id = queue.submit(request, len(jobs), self.most, str(task.log_file(folder)), words)
        what = f"{len(jobs)} {'notebook' if len(jobs) == 1 else 'notebooks'}"
        gpus = f", GPUs {request.gpus}" if request.gpus else ""
        asked = f"cores {request.cores}, memory {request.memory}, time {request.walltime}{gpus}"
        self.tell(f"Slurm job {job_id}: {what} in partition {request.partition}, each with {asked}")
        return Array(job_id, folder, request, tuple(jobs))
