"""Executing notebooks on this machine: each in a process, on a warm kernel."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from aula.errors import RunError
from aula.run.cache import Cache, key
from aula.run.executor import Look, Note
from aula.run.job import Job
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote

Start = Callable[[Iterable[str]], AbstractContextManager[Path]]
"""What starts a zygote with modules loaded."""
LOOKS_S = 0.25
"""Seconds between two looks at what runs."""


@dataclass(frozen=True)
class Here:
    """Executes so many notebooks at once."""

    jobs: int = 2
    start: Start = zygote
    """What starts the zygote that kernels are forked from."""

    def prepare(self, out: Path) -> None:
        """Do nothing: this machine is ready."""

    def execute(self, left: list[Job], cache: Cache | None, note: Note, look: Look) -> None:
        """Execute the jobs in parallel; a worker that dies is an error with a name, not a hang."""
        from aula.run.execute import execute  # papermill takes a while to import

        keys = {job.title: key(job) for job in left}  # before a notebook writes beside itself
        modules = wanted(nbformat.read(job.notebook, as_version=4) for job in left)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        # Spawned, not forked: kernels and event loops do not survive a fork.
        context = multiprocessing.get_context("spawn")
        # On Ctrl-C workers end at once and without a word; this process says what there is to say.
        quiet = (signal.SIGINT, signal.SIG_DFL)
        ended: set[str] = set()
        with (
            self.start(modules) as kernels,
            ProcessPoolExecutor(min(self.jobs, len(left)), context, signal.signal, quiet) as pool,
        ):
            waiting = {pool.submit(execute, job, kernels): job for job in left}
            try:
                while waiting:
                    done, _ = wait(waiting, LOOKS_S, FIRST_COMPLETED)
                    for future in done:
                        job, result = waiting[future], future.result()
                        del waiting[future]
                        ended.add(job.title)
                        if cache:
                            cache.keep(job, keys[job.title], result)
                        note(result)
                    look("")
            except BrokenProcessPool as error:
                missing = ", ".join(sorted(set(keys) - ended))
                raise RunError(f"a worker was killed; not executed: {missing}: is memory short?") from error
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for worker in multiprocessing.active_children():
                    worker.terminate()  # its kernel ends with it
                raise
