"""Jobs that must go while Slurm cannot be asked to cancel them: a job that nobody cancels holds its place for hours."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import repeat
from typing import Any

from sqlalchemy.orm import object_session

from aula_spawner.errors import CommandTimeoutError
from aula_spawner.names import NAME

# Pauses between the looks for a job that came too late: Slurm's commands try for minutes.
LATE_S = (5, 10, 20, 30, 60, 120, 300)
# For so long a job that must go is tried to be cancelled; Slurm's time limit ends it before.
LONGEST_S = 86400
# What the hub's database may say is to be cancelled.
JOB = re.compile(r"[1-9][0-9]{0,9}|--name=jupyter-[0-9a-f]{12}")


class UnwantedJobs:
    """The unwanted jobs of one server: tried to be cancelled until they are, and kept in the hub's database till then.

    Each has its owner with it: the person's next server may belong to another account.
    """

    def __init__(self, orm_spawner: Any, cancel: Callable[[str, str], Awaitable[bool]]) -> None:
        self._orm_spawner, self._cancel = orm_spawner, cancel
        self._jobs: dict[tuple[str, str], asyncio.Future[None]] = {}

    def add(self, owner: str, what: str, *, now: bool = False) -> None:
        """Cancel a job as soon as Slurm answers: by its id, or by `--name=` if sbatch may still submit it.

        The first try is `now`, or, where one has just failed, in a few seconds.
        """
        self._jobs[owner, what] = asyncio.ensure_future(self._cancel_in_the_end(owner, what, (0,) if now else ()))
        self._keep()

    def add_once_submitted(self, owner: str, name: str, submission: asyncio.Future[str]) -> None:
        """Cancel the job of a start that was given up while sbatch is still working; `name` is the job's."""

        def submitted(ended: asyncio.Future[str]) -> None:
            if ended.cancelled():
                return
            if ended.exception() is None:
                self.add(owner, ended.result())
            elif isinstance(ended.exception(), CommandTimeoutError):  # sbatch itself goes on trying
                self.add(owner, f"--name={name}")

        submission.add_done_callback(submitted)

    def state(self) -> dict[str, list[list[str]]]:
        """Return what a hub that starts anew must know."""
        return {"unwanted": [list(job) for job in self._jobs]} if self._jobs else {}

    def load(self, kept: Iterable[Any], person: str) -> None:
        """Take up what an earlier hub kept; an earlier version knew no account but the person's own."""
        for job in kept:
            owner, what = (person, job) if isinstance(job, str) else job
            if JOB.fullmatch(what) and NAME.fullmatch(owner) and (owner, what) not in self._jobs:
                self.add(owner, what)

    async def _cancel_in_the_end(self, owner: str, what: str, first: tuple[int, ...]) -> None:
        """Try until the job is cancelled. One that sbatch may still submit is looked for until sbatch has given up."""
        by_name = what.startswith("--name=")
        for pause in (*first, *LATE_S, *repeat(LATE_S[-1], 0 if by_name else LONGEST_S // LATE_S[-1])):
            await asyncio.sleep(pause)
            if await self._cancel(owner, what) and not by_name:
                break
        self._jobs.pop((owner, what), None)
        self._keep()

    def _keep(self) -> None:
        """Write this, and nothing else, to the hub's database: another start may be on its way."""
        session = object_session(self._orm_spawner)
        if session is not None:
            rest = {key: value for key, value in (self._orm_spawner.state or {}).items() if key != "unwanted"}
            self._orm_spawner.state = {**rest, **self.state()}
            session.commit()
