"""A course's notebooks as they run in class: no network, two cores, bounded time and memory; twice where they vary."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from aula.catalogue import Course
from aula.check import code, sizes
from aula.check.page import Page
from aula.check.rule import Problem
from aula.course import Lesson, Value
from aula.errors import AulaError, CheckError
from aula.run import slurm
from aula.run.cache import Cache
from aula.run.execute import MEMORY_MB
from aula.run.here import Here
from aula.run.job import Job, Result
from aula.run.plan import plan
from aula.run.runner import carry_out
from aula.run.warm.zygotes import can_be_alone, zygote

AT_ONCE = 2
BUSY = 5
"""How many times its limit a notebook may last, before it is ended: the machine may be busy with other work."""
CELL = re.compile(r"^[^\n]*?: cell (\d+):")
SHOWN = re.compile(r"\nIn a browser: .*\Z")
PLACE = re.compile(r"^\S+:\d+: ")
WARNED = "warned, or wrote to stderr:\n"


@dataclass(frozen=True)
class Run:
    """One notebook as it ran: with which values, and what came of it."""

    page: Page
    values: Mapping[str, Value]
    limit_s: float
    result: Result

    @property
    def seconds(self) -> float:
        """Seconds that it ran, or that it computed where these are fewer: the machine was busy with other work."""
        return min(self.result.seconds, self.result.cpu_s or self.result.seconds)

    @property
    def slow(self) -> bool:
        """Whether it needed more time than it may have."""
        return self.result.state == "timeout" or (self.result.state == "ok" and self.seconds > self.limit_s)

    @property
    def large(self) -> bool:
        """Whether it needed more memory than there is."""
        return self.result.memory_mb > MEMORY_MB or "MemoryError" in self.result.error

    @property
    def broken(self) -> bool:
        """Whether a cell of it failed or warned, for want of neither time nor memory."""
        return self.result.state in {"error", "warning"} and not self.large

    def problem(self) -> Problem:
        """Return what went wrong, at its cell."""
        found = CELL.match(self.result.error)
        number = int(found[1]) if found else None
        trouble = SHOWN.sub("", self.result.error).strip()
        before, warned, after = trouble.partition(WARNED)
        said = f"warned: {PLACE.sub('', after.splitlines()[0])}" if warned else before.rpartition("\n")[2].strip()
        if self.slow:
            said = f"ran longer than the notebook's {self.limit_s:g} s"
        said = said or f"held {self.result.memory_mb} MB"
        values = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        sentence = f"Run with {values}: {said}" if values else f"Run: {said}"
        line = self.page.line_of_cell(number) if number else None
        return Problem(self.page.path, sentence, line, number)


class Rehearsal:
    """The runs of a course, each done once, when a rule asks. Needs the environment of aula.kernel.settled."""

    def __init__(self, course: Course, pages: Mapping[Path, Page], folder: Path, kept: Path | None) -> None:
        self._course, self._pages, self._folder, self._kept = course, pages, folder, kept
        self._lessons = {f"{course.id}/lessons/{lesson.file}": lesson for lesson in course.lessons}

    @cached_property
    def first(self) -> tuple[Run, ...]:
        """Every notebook with its own values."""
        return self._runs("first", lambda _: {})

    @cached_property
    def second(self) -> tuple[Run, ...]:
        """Each lesson that ran and has another size or a seed, with those changed, and with another hash seed."""
        return self._runs("second", self._changed)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was not done, and why."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        for title, lesson in self._lessons.items():
            if self._waits(lesson) and slurm.answers():
                yield f"{title} hands work to Slurm, and was not executed: `make notebooks` runs it on the cluster."
        if not self._alone:
            yield (
                "The network was not refused while notebooks ran: that needs root, or a system that permits "
                "unprivileged user namespaces."
            )

    @cached_property
    def _alone(self) -> bool:
        return can_be_alone()

    def _waits(self, lesson: Lesson) -> bool:
        page = self._pages.get(self._course.lesson_file(lesson))
        return page is not None and code.waits_for_slurm(page)

    def _changed(self, job: Job) -> Mapping[str, Value] | None:
        """Return what is to change for the second run; None where nothing can."""
        lesson = self._lessons.get(job.title)
        if lesson is None or job.title not in {run.result.title for run in self.first if run.result.state == "ok"}:
            return None
        page = self._page(job)
        return {**sizes.second(lesson, page), **sizes.seeded(page)} or None

    def _page(self, job: Job) -> Page:
        lesson = self._lessons.get(job.title)
        folder = self._course.folder
        task = folder / "assignments" / job.name / f"{job.name}.md"
        return self._pages[self._course.lesson_file(lesson) if lesson else task]

    def _runs(self, name: str, values: Callable[[Job], Mapping[str, Value] | None]) -> tuple[Run, ...]:
        out = self._folder / name
        start = partial(zygote, alone=self._alone, seed=str(sizes.OTHER_SEED) if name == "second" else None)
        cache = Cache(self._kept / f"{name}{'-alone' if self._alone else ''}") if self._kept else None
        try:
            planned = plan((self._course,), out)
            jobs = [job for job in planned if not ((item := self._lessons.get(job.title)) and self._waits(item))]
            chosen = {job.title: (job, changed) for job in jobs if (changed := values(job)) is not None}
            ready = [
                replace(job, parameters=dict(changed), time_limit_s=BUSY * job.time_limit_s)
                for job, changed in chosen.values()
            ]
            results = carry_out(ready, out, Here(AT_ONCE, start), cache, lambda _: None)
        except (OSError, AulaError) as error:
            raise CheckError(f"notebooks cannot be executed: {error}") from error
        return tuple(
            Run(self._page(job), changed, job.time_limit_s, result)
            for result in results
            for job, changed in (chosen[result.title],)
        )
