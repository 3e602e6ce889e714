"""Running many notebooks: those that are known come from the cache, the others run, with a word about each."""

import shutil
from collections.abc import Callable
from pathlib import Path

from aula import closed
from aula.catalogue import Course
from aula.errors import RunError
from aula.run import progress, report
from aula.run.cache import Cache
from aula.run.executor import Executor
from aula.run.here import Here
from aula.run.history import History
from aula.run.job import Job, Result
from aula.run.plan import plan
from aula.run.progress import Progress


def run(
    courses: tuple[Course, ...],
    out: Path,
    *,
    on: Executor | None = None,
    parameters: str | None = None,
    limit_s: float | None = None,
    kept: Path | None = None,
    known: Path | None = None,
    tell: Callable[[str], None] = print,
    show: Callable[[list[Progress], str], None] | None = None,
) -> list[Result]:
    """Execute every notebook of the courses, here or on a Slurm, write reports into out, return results in their order.

    What ran clean is kept in a folder, and comes from there until something changes that it depends on: a run that
    was interrupted goes on where it was. `known` is a folder of such results from another machine. `show` is given
    what runs, and the counts in words, often. Needs the environment of aula.kernel.settled.
    """
    out, executor = out.resolve(), on or Here()
    try:
        closed.make(out)  # executed assignments are solved ones
        executor.prepare(out)
        report.clear(out)
        planned = plan(courses, out, parameters, limit_s)
        results = carry_out(planned, out, executor, Cache(kept, known) if kept else None, tell, show)
        report.write(results, out)
        History(out).add(planned, results)
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error}") from error
    finally:
        shutil.rmtree(out / "work", ignore_errors=True)
    return results


def carry_out(
    planned: list[Job],
    out: Path,
    executor: Executor,
    cache: Cache | None,
    tell: Callable[[str], None],
    show: Callable[[list[Progress], str], None] | None = None,
) -> list[Result]:
    """Return the results, by title: those that are known, and those of the jobs that are left.

    Raises RunError where a worker is killed.
    """
    results: dict[str, Result] = {}

    def note(result: Result) -> None:
        results[result.title] = result
        how = f"as on {result.started}" if result.cached else f"{result.seconds:.1f} s"
        tell(f"[{len(results)}/{len(planned)}] {result.title}: {result.state}, {how}")

    def look(more: str) -> None:
        if show:
            failed = sum(result.state != "ok" for result in results.values())
            counts = f"{len(results)} of {len(planned)} done, {failed} failed"
            show(progress.read(out / "work" / "progress"), ", ".join(filter(None, [counts, more])))

    for job in planned:
        if cache and (known := cache.find(job)):
            note(known)
    left = [job for job in planned if job.title not in results]
    if left:
        executor.execute(left, cache, note, look)
    return [results[title] for title in sorted(results)]
