"""Where slow rules execute and grade a course; everything is done once, when the first rule asks for it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aula import kernel
from aula.catalogue import Course
from aula.check import grading, judged, mutation, order, quick, sizes, versions
from aula.check.mutation import Mutant, Score
from aula.check.page import Cell, Page
from aula.check.quick import Trial
from aula.check.result import Points
from aula.course import Assignment
from aula.errors import AulaError
from aula.grading.errors import SandboxError, UnpassedError
from aula.grading.jobs import rehearsed
from aula.release import release


@dataclass(frozen=True)
class Work:
    """An assignment to be graded: its contract, its text, the author's mutants of it."""

    task: Assignment
    page: Page
    mutants: tuple[Page, ...]


class Laboratory:
    """A course run of its own, in a folder that may be thrown away; needs the environment of aula.kernel.settled."""

    def __init__(self, course: Course, folder: Path, work: Sequence[Work]) -> None:
        self.course = course
        self.benches = tuple(Bench(course, one, folder / course.id) for one in work)

    @cached_property
    def refused(self) -> str:
        """Why the course cannot be released; empty where it was, into the laboratory's course run."""
        try:
            if self.benches:
                release.release(self.course, self.benches[0].run)
        except AulaError as error:
            return str(error)
        return ""

    @property
    def released(self) -> "tuple[Bench, ...]":
        """The assignments as they were released; none where the course cannot be."""
        return () if self.refused else self.benches

    @property
    def tested(self) -> "tuple[Bench, ...]":
        """Those of the released assignments that a program gives points for."""
        return tuple(bench for bench in self.released if bench.tests)


def _is_tested(cell: Cell) -> bool:
    """Whether a cell holds an answer that tests look at, and not one that a person reads."""
    return cell.is_answer and not cell.marks.get("grade")


class Bench:
    """One assignment in the laboratory: what its versions earn."""

    def __init__(self, course: Course, work: Work, run: Path) -> None:
        self.course, self.run = course, run
        self.task, self.page, self.mutants = work.task, work.page, work.mutants
        self.note = ""
        """What was not tried, and why."""
        self.tests: Mapping[int, tuple[str, float]] = versions.tests(self.page)

    @cached_property
    def reference(self) -> Points:
        """What the stock nbgrader gives for the author's own solution."""
        return self._graded(versions.reference(self.page))

    @cached_property
    def judged(self) -> UnpassedError | None:
        """What does not pass where tests run apart from the author's own solution; None also where there is a note."""
        try:
            return judged.lost(self.run, self.task.name, self.task.job)
        except SandboxError as error:
            self.note = f"Whether tests pass in the sandbox that trainees' work is graded in was not tried: {error}"
            return None

    @cached_property
    def untouched(self) -> Points:
        """What the stock nbgrader gives for the student version as it was released."""
        return self._graded(versions.untouched(self.page))

    @cached_property
    def quick_is_right(self) -> bool:
        """Whether the quick way agrees with nbgrader, test by test, on the reference and on the untouched version.

        A control, a mutant without a mistake, has to survive as well.
        """
        try:
            control = len(self.mutants) + len(self._automatic)
            untouched = self._quickly(self._code(versions.untouched(self.page)), self.tests)
            same = self._trial.points == self.reference and untouched.points == self.untouched
        except quick.StuckError:
            return False
        return same and control not in self._trial.killed

    def survived(self) -> tuple[Page, ...]:
        """Return the author's mutants that earn everything; by nbgrader where the quick way is not right."""
        if self.quick_is_right:
            killed = self._trial.killed
            return tuple(mutant for place, mutant in enumerate(self.mutants) if place not in killed)
        graded = [(mutant, self._graded(versions.mutated(self.page, mutant))) for mutant in self.mutants]
        return tuple(mutant for mutant, points in graded if not points.failed)

    @cached_property
    def score(self) -> Score:
        """The mutation score; without numbers where the quick way cannot be trusted."""
        if not self.quick_is_right or self.reference.failed:
            problem = "its tests do not give the reference full marks, or do so only in nbgrader's own kernel"
            return Score(self.course.id, self.task.name, 0, 0, (), problem)
        first, killed = len(self.mutants), self._trial.killed
        alive = [mutant for place, mutant in enumerate(self._automatic) if first + place not in killed]
        survivors = tuple((mutant.line, mutant.mistake) for mutant in alive)
        total = len(self._automatic)
        return Score(self.course.id, self.task.name, total - len(alive), total, survivors)

    def lost_on_repetition(self) -> tuple[str, ...]:
        """Return the tests that fail for the reference with another seed, hash seed, and order of the tests."""
        cells = zip(self.page.code, self._code(versions.reference(self.page)), strict=True)
        code = [sizes.reseeded(cell, source) for cell, source in cells]
        places = order.another(code, self.tests)
        moved = {new: self.tests[old] for new, old in enumerate(places) if old in self.tests}
        again = self._quickly([code[old] for old in places], moved, seed=str(sizes.OTHER_SEED))
        return again.points.failed

    @cached_property
    def _automatic(self) -> tuple[Mutant, ...]:
        cells = enumerate(self.page.code)
        return tuple(mutant for place, cell in cells if _is_tested(cell) for mutant in mutation.mutants(cell, place))

    @cached_property
    def _trial(self) -> Trial:
        """The reference by the quick way: with the author's mutants, the automatic ones, and the control."""
        places = {cell.grade_id: place for place, cell in enumerate(self.page.code)}
        authors = [
            {places[name]: source for name, source in versions.answers_of(mutant).items() if name in places}
            for mutant in self.mutants
        ]
        automatic = [{mutant.place: mutant.source} for mutant in self._automatic]
        control = {place: cell.source for place, cell in enumerate(self.page.code) if cell.is_answer}
        answers = [*authors, *automatic, control]
        return self._quickly(self._code(versions.reference(self.page)), self.tests, mutants=answers)

    def _quickly(self, code: list[str], tests: Mapping[int, tuple[str, float]], **more: Any) -> Trial:
        return quick.trial(self.page.path.parent, code, tests, on=kernel.of(self.page.node), **more)

    def _code(self, version: versions.Version) -> list[str]:
        """Return the code of a version, the job of its tests with it, where they have one."""
        version = versions.Version(version.name, deepcopy(version.node))
        rehearsed.given(version.node, self.task.job, self.page.path.parent)
        return version.code

    def _graded(self, version: versions.Version) -> Points:
        names = {name for name, _ in self.tests.values()}
        version = versions.with_slurm(version, self.task.job, self.page.path.parent)
        return grading.grade(self.task.name, version, names, self.run)
