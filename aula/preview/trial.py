"""One run of a lesson, in a process that ends with it or before; what it is doing can be asked meanwhile."""

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from aula.errors import RunError
from aula.run import progress
from aula.run.execute import execute
from aula.run.job import Job, Result

PACE_S = 0.15
"""Seconds between two looks at a run."""


def context() -> multiprocessing.context.ForkServerContext:
    """Return where runs come from: a process that has papermill loaded, so that a run starts at once."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([__name__])
    return found


async def run(job: Job, zygote: Path, tell: Callable[[int, int], None]) -> Result:
    """Run the job, and tell at which of how many cells of code it is; whoever cancels this ends the run.

    Raises RunError where the process is killed by somebody else.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = context().Process(target=_work, args=(job, zygote, sender), daemon=True)
    await asyncio.to_thread(process.start)
    sender.close()
    try:
        while process.is_alive() and not receiver.poll():
            for now in progress.read(job.progress.parent):
                if now.title == job.title and now.cells:
                    tell(now.cell, now.cells)
            await asyncio.sleep(PACE_S)
        return _received(job, receiver)
    finally:
        process.kill()
        process.join()
        receiver.close()


def _received(job: Job, receiver: Connection) -> Result:
    try:
        result: Result = receiver.recv()
    except EOFError as error:
        raise RunError(f"{job.title}: its run was killed: is memory short?") from error
    return result


def _work(job: Job, zygote: Path, sender: Connection) -> None:
    sender.send(execute(job, zygote))
