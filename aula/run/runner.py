"""Running many notebooks at once, each in a process, with a word about each as it ends."""

import multiprocessing
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from aula import closed
from aula.catalogue import Course
from aula.errors import RunError
from aula.run import report
from aula.run.execute import execute
from aula.run.job import Job, Result
from aula.run.plan import plan


def run(
    courses: tuple[Course, ...],
    out: Path,
    *,
    parameters: str | None = None,
    limit_s: float | None = None,
    jobs: int = 2,
    tell: Callable[[str], None] = print,
) -> list[Result]:
    """Execute every notebook of the courses, write reports into out, return the results in their order.

    Needs the environment of aula.kernel.settled.
    """
    out = out.resolve()
    try:
        closed.make(out)  # executed assignments are solved ones
        report.clear(out)
        planned = plan(courses, out, parameters, limit_s)
        results = _all(planned, jobs, tell)
        report.write(results, out)
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error}") from error
    finally:
        shutil.rmtree(out / "work", ignore_errors=True)
    return results


def _all(planned: list[Job], jobs: int, tell: Callable[[str], None]) -> list[Result]:
    """Execute the jobs in parallel; a worker that dies is an error with a name, not a hang."""
    results: dict[str, Result] = {}
    # Spawned, not forked: kernels and event loops do not survive a fork.
    context = multiprocessing.get_context("spawn")
    # On Ctrl-C workers end at once and without a word; this process says what there is to say.
    quiet = (signal.SIGINT, signal.SIG_DFL)
    with ProcessPoolExecutor(min(jobs, len(planned)), context, signal.signal, quiet) as pool:
        waiting = {pool.submit(execute, job): job for job in planned}
        try:
            for future in as_completed(waiting):
                job, result = waiting[future], future.result()
                results[job.title] = result
                tell(f"[{len(results)}/{len(planned)}] {job.title}: {result.state}, {result.seconds:.1f} s")
        except BrokenProcessPool as error:
            left = sorted({job.title for job in planned} - set(results))
            raise RunError(f"a worker was killed; not executed: {', '.join(left)}: is memory short?") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()  # its kernel ends by itself, a second later
            raise
    return [results[title] for title in sorted(results)]
