"""Running many notebooks at once, each in a process and on a warm kernel, with a word about each as it ends."""

import multiprocessing
import shutil
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from pathlib import Path

import nbformat

from aula import closed
from aula.catalogue import Course
from aula.errors import RunError
from aula.run import report
from aula.run.cache import Cache, key
from aula.run.history import History
from aula.run.job import Job, Result
from aula.run.plan import plan
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote


def run(
    courses: tuple[Course, ...],
    out: Path,
    *,
    parameters: str | None = None,
    limit_s: float | None = None,
    jobs: int = 2,
    kept: Path | None = None,
    tell: Callable[[str], None] = print,
) -> list[Result]:
    """Execute every notebook of the courses, write reports into out, return the results in their order.

    What ran clean is kept in a folder, and comes from there until something changes that it depends on: a run that
    was interrupted goes on where it was. Needs the environment of aula.kernel.settled.
    """
    out = out.resolve()
    try:
        closed.make(out)  # executed assignments are solved ones
        report.clear(out)
        planned = plan(courses, out, parameters, limit_s)
        results = carry_out(planned, jobs, Cache(kept) if kept else None, tell)
        report.write(results, out)
        History(out).add(planned, results)
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error}") from error
    finally:
        shutil.rmtree(out / "work", ignore_errors=True)
    return results


Start = Callable[[Iterable[str]], AbstractContextManager[Path]]
"""What starts a zygote with modules loaded."""


def carry_out(
    planned: list[Job], jobs: int, cache: Cache | None, tell: Callable[[str], None], start: Start = zygote
) -> list[Result]:
    """Return the results, by title: those that are known, and those of the jobs that are left.

    start makes the zygote that kernels are forked from. Raises RunError where a worker is killed.
    """
    results: dict[str, Result] = {}

    def note(result: Result) -> None:
        results[result.title] = result
        how = f"as on {result.started}" if result.cached else f"{result.seconds:.1f} s"
        tell(f"[{len(results)}/{len(planned)}] {result.title}: {result.state}, {how}")

    for job in planned:
        if cache and (known := cache.find(job)):
            note(known)
    left = [job for job in planned if job.title not in results]
    if left:
        _execute(left, jobs, cache, note, start)
    return [results[title] for title in sorted(results)]


def _execute(left: list[Job], jobs: int, cache: Cache | None, note: Callable[[Result], None], start: Start) -> None:
    """Execute jobs in parallel; a worker that dies is an error with a name, not a hang."""
    from aula.run.execute import execute  # papermill takes a while to import

    keys = {job.title: key(job) for job in left}  # before a notebook writes beside itself
    modules = wanted(nbformat.read(job.notebook, as_version=4) for job in left)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    # Spawned, not forked: kernels and event loops do not survive a fork.
    context = multiprocessing.get_context("spawn")
    # On Ctrl-C workers end at once and without a word; this process says what there is to say.
    quiet = (signal.SIGINT, signal.SIG_DFL)
    ended: set[str] = set()
    with (
        start(modules) as kernels,
        ProcessPoolExecutor(min(jobs, len(left)), context, signal.signal, quiet) as pool,
    ):
        waiting = {pool.submit(execute, job, kernels): job for job in left}
        try:
            for future in as_completed(waiting):
                job, result = waiting[future], future.result()
                ended.add(job.title)
                if cache:
                    cache.keep(job, keys[job.title], result)
                note(result)
        except BrokenProcessPool as error:
            missing = ", ".join(sorted(set(keys) - ended))
            raise RunError(f"a worker was killed; not executed: {missing}: is memory short?") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()  # its kernel ends with it
            raise
