"""One look at the queue for all servers of a hub: however many people wait or work, squeue runs once an interval."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

from aula_spawner.cluster import Cluster
from aula_spawner.metrics import note_look
from aula_spawner.slurm.squeue import Job, parse_job, places_in_queue

# Owners who are asked at once for jobs that the hub cannot see.
OWNERS_AT_ONCE = 8


@dataclass(frozen=True)
class _Look:
    began: float
    lines: asyncio.Task[Mapping[str, str]]
    over: asyncio.Event


class Watcher:
    """Looks at a cluster's queue when somebody asks, and shares what it saw.

    A job that is not in the queue as the hub sees it may be hidden from the hub (Slurm's `PrivateData`), or be
    forgotten: its owner is asked then. Only who Slurm itself does not know in its owner's name either is gone.
    """

    def __init__(self, cluster: Cluster, interval: float) -> None:
        self._cluster, self._interval = cluster, interval
        self._latest: _Look | None = None
        self._seen: Mapping[str, str] = {}
        self._places: Mapping[str, int] | None = None
        self._door = asyncio.Semaphore(OWNERS_AT_ONCE)

    async def job(self, job_id: str, owner: str, since: float = 0.0) -> Job | None:
        """Return a job as it was after a moment (of time.monotonic), or None where Slurm no longer knows it.

        Raises SlurmError where that cannot be told now.
        """
        line = (await self._lines(since)).get(job_id)
        if line is not None:
            return parse_job(line)
        async with self._door:
            return next((job for job in await self._cluster.jobs(owner) if job.id == job_id), None)

    def place(self, job: Job) -> int | None:
        """Return a waiting job's place in its partition's queue when it was last seen; None where it was not seen."""
        if self._places is None:
            self._places = places_in_queue(self._seen.values())
        return self._places.get(job.id)

    async def _lines(self, since: float) -> Mapping[str, str]:
        """Return the queue's lines by job, from a look that began after a moment and is not older than the interval."""
        while True:
            look, now = self._latest, time.monotonic()
            fresh = look is not None and look.began >= since
            if look is not None and not look.lines.done():
                if fresh:
                    break
                await asyncio.wait({look.lines})
            elif look is not None and now < look.began + self._interval:
                if fresh:
                    break
                await asyncio.sleep(look.began + self._interval - now)
            else:
                look = _Look(now, asyncio.ensure_future(self._cluster.queue()), asyncio.Event())
                look.lines.add_done_callback(partial(self._note, look))
                self._latest = look
                break
        await look.over.wait()  # whoever gives up waiting takes the look from nobody else
        return look.lines.result()

    def _note(self, look: _Look, ended: asyncio.Task[Mapping[str, str]]) -> None:
        look.over.set()
        if ended.cancelled():
            return
        note_look(look.began, ended.exception())
        if ended.exception() is None:
            self._seen, self._places = ended.result(), None


@cache
def watcher(cluster: Cluster, interval: float) -> Watcher:
    """Return the one watcher of a cluster that all servers of this hub share."""
    return Watcher(cluster, interval)
