"""Executing notebooks on this machine: each in a process, on a warm kernel."""

import importlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from multiprocessing.synchronize import Semaphore
from pathlib import Path

import nbformat

from aula.errors import RunError
from aula.run.cache import Cache, key
from aula.run.executor import Look, Note
from aula.run.job import Job, Result
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote

PROGRAM = "aula.run.preloaded"
"""What executes a notebook, with papermill, which takes a while to import: it is not imported in this process."""
Start = Callable[[Iterable[str], str], AbstractContextManager[Path]]
"""What starts a zygote with modules loaded, of the kernel of that name."""
AHEAD = 2
"""Workers for each notebook that computes: while it does, another's kernel starts, and a third is written."""
LOOKS_S = 0.25
"""Seconds between two looks at what runs."""

_kernels: Mapping[str, Path]
_gate: Semaphore


@dataclass(frozen=True)
class Here:
    """Executes notebooks, of which so many compute at once. Those that wait for Slurm do so beside them."""

    jobs: int = 2
    start: Start = zygote
    """What starts the zygote that kernels are forked from."""

    def prepare(self, out: Path) -> None:
        """Do nothing: this machine is ready."""

    def execute(self, left: list[Job], cache: Cache | None, note: Note, look: Look) -> None:
        """Execute the jobs in parallel; a worker that dies is an error with a name, not a hang."""
        keys = {job.title: key(job) for job in left}  # before a notebook writes beside itself
        # Forked from a process that has papermill and nothing else: kernels and event loops do not survive a fork.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([PROGRAM])
        gate = context.BoundedSemaphore(self.jobs)
        workers = min(AHEAD * self.jobs + sum(job.waits for job in left), len(left))
        ended: set[str] = set()
        with ExitStack() as held:
            kernels = {name: held.enter_context(self.start(_modules(left, name), name)) for name in _names(left)}
            pool = held.enter_context(ProcessPoolExecutor(workers, context, _begin, (dict(os.environ), kernels, gate)))
            waiting = {pool.submit(_execute, job): job for job in left}
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


def _names(jobs: Iterable[Job]) -> list[str]:
    """Return the names of the kernels that jobs run on."""
    return list(dict.fromkeys(job.kernel for job in jobs))


def _modules(jobs: Iterable[Job], kernel: str) -> list[str]:
    """Return what the notebooks of that kernel import."""
    mine = (job.notebook for job in jobs if job.kernel == kernel)
    return wanted(nbformat.read(path, as_version=4) for path in mine)  # type: ignore[no-untyped-call]  # nbformat types only half of itself


def _begin(environment: Mapping[str, str], kernels: Mapping[str, Path], gate: Semaphore) -> None:
    """Be a worker. On Ctrl-C it ends at once and without a word: the process that it works for says what there is."""
    global _kernels, _gate
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)  # of now, not of when the first worker began
    _kernels, _gate = kernels, gate


def _execute(job: Job) -> Result:
    result: Result = importlib.import_module(PROGRAM).execute(job, _kernels[job.kernel], gate=_gate)
    return result
