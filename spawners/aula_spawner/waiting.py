"""What a waiting person is told, once for every change."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

from aula_spawner.progress import describe
from aula_spawner.settings import Settings
from aula_spawner.slurm.squeue import Job, Phase
from aula_spawner.words import Say

# Seconds after which a person who waits is told that Slurm is slow to take the job.
PATIENCE_S = 4.0
# Slurm's reasons for which a smaller job may start sooner.
BUSY = ("Resources", "Priority")


class Waiting(Settings):
    """The part of a spawner that speaks to who waits for a server."""

    job_id: str
    job: Job | None = None
    silent = False  # whether Slurm did not answer when it was last asked
    asked_at = 0.0
    server: Any
    watcher: Any
    smaller_now: Any

    @property
    def reported_port(self) -> int:
        """The port that the job reported; 0 before it has."""
        return int(self.server.port) if self.server else 0

    async def progress(self) -> AsyncGenerator[dict[str, Any], None]:
        """Tell the waiting person what is going on, once for every change.

        `starts` is the moment, in seconds since 1970, at which Slurm expects a job that waits to start.
        """
        said: dict[str, Any] = {}
        began = time.monotonic()
        while True:
            event = self._event(waiting_s=time.monotonic() - began)
            if event != said:
                said = event
                yield event
            if event["progress"] >= 90:
                return
            await asyncio.sleep(0.5)

    def described(self, say: Say) -> tuple[int, str]:
        """Return how far the start is, out of 100, and what is to say about it to a reader."""
        place = self.watcher.place(self.job) if self.job and self.job.phase is Phase.WAITING else None
        return describe(self.job_id, self.job, bool(self.reported_port), say, place)

    def _event(self, waiting_s: float) -> dict[str, Any]:
        job = self.job if self.job and self.job.phase is Phase.WAITING else None
        share, sentence = self.described(self.say)
        if self.silent or (not self.job_id and waiting_s > PATIENCE_S):
            sentence = self.say(
                "The cluster's batch system does not answer. Your start waits and goes on when it does."
            )
        expected = {"starts": int(job.starts.timestamp())} if job and job.starts else {}
        other = self.smaller_now() if job and job.reason in BUSY else None
        instead = {"instead": {"name": other.name, "title": other.title}} if other else {}
        return {"progress": share, "message": sentence, **expected, **instead}

    @property
    def waited_s(self) -> int:
        """For how many seconds the start has been going on."""
        return int(time.time() - self.asked_at) if self.asked_at else 0
