"""Grading on this machine: some submissions at once, those that need long when no others wait."""

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import nullcontext

from aula.grading import template
from aula.grading.attempts import attempts
from aula.grading.engine import engine
from aula.grading.errors import LongerError
from aula.grading.handed_in import Submission
from aula.grading.mark import Graded
from aula.grading.pair import Pair, pair
from aula.grading.popular import popular
from aula.grading.record import Records
from aula.grading.work import LONGER, Coming, Work


class Here:
    """Grades on this machine, in new sandboxes or in those of the assignment that were begun already."""

    def __init__(self, begun: Pair | None = None) -> None:
        self._begun = begun

    def grade(
        self, work: Work, todo: Mapping[Submission, str], records: Records, tell: Callable[[str], None]
    ) -> Coming:
        """Yield what comes of each submission, as it comes."""
        for submission, graded in tried(work, todo, records, others_wait=len(todo) > work.jobs, begun=self._begun):
            if graded is None:
                tell(f"{submission.student} {LONGER}")
            else:
                yield submission, graded


def tried(
    work: Work,
    todo: Mapping[Submission, str],
    records: Records,
    *,
    others_wait: bool,
    to_the_end: bool = True,
    begun: Pair | None = None,
) -> Iterator[tuple[Submission, Graded | None]]:
    """Yield what comes of each submission, as it comes and is kept; None of one that needs longer while others wait.

    With `to_the_end` that one is tried again from its beginning when all others were. `begun` are the assignment's
    sandboxes, where they were begun already.
    """
    author = template.read(work.run_dir, work.assignment)
    sandboxes = nullcontext(begun) if begun else pair(author.node, popular(work.run_dir, work.assignment))
    with ThreadPoolExecutor(work.jobs) as pool, sandboxes as boxes:
        tries = attempts(author, work.source, boxes, work.limits, work.cell_s)
        waiting = {pool.submit(tries.grade, one, todo[one], others_wait=others_wait): one for one in todo}
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    one = waiting.pop(future)
                    try:
                        graded = future.result()
                    except LongerError:
                        yield one, None
                        if to_the_end:
                            waiting[pool.submit(tries.grade, one, todo[one])] = one
                        continue
                    records.keep(graded, {"engine": engine(), "python": sys.version})
                    yield one, graded
        finally:
            for future in waiting:
                future.cancel()
