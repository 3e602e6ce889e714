"""A course as rules see it, for reading only: its contract, its text notebooks, its files."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aula import assignment, yaml_file
from aula.catalogue import CONTRACT, Course
from aula.check.mutation import Score
from aula.check.page import Page
from aula.course import Assignment, Lesson
from aula.errors import NotebookError

if TYPE_CHECKING:
    from aula.check.laboratory import Laboratory
    from aula.check.rehearsal import Rehearsal, Run

PAGES = ("index.md", "instructor.md")


class View:
    """Everything that a rule may look at. What cannot be read is in `unreadable`, and in nothing else."""

    def __init__(self, course: Course, kept: Path | None = None) -> None:
        """kept is the folder of what came of earlier runs of notebooks, if there is one."""
        self.course = course
        self._kept = kept
        self._place: TemporaryDirectory[str] | None = None

    def __enter__(self) -> "View":
        return self

    def __exit__(self, *_: object) -> None:
        if self._place:
            self._place.cleanup()

    @cached_property
    def _read(self) -> tuple[dict[Path, Page], dict[Path, str]]:
        pages, refused = {}, {}
        for path in self._texts():
            try:
                pages[path] = Page.read(path)
            except NotebookError as error:
                refused[path] = str(error)
        return pages, refused

    def _texts(self) -> Iterator[Path]:
        course = self.course
        yield from (course.folder / name for name in PAGES if (course.folder / name).is_file())
        yield from (course.lesson_file(lesson) for lesson in course.lessons)
        for task in course.assignments:
            yield course.assignment_file(task)
            yield from self.mutant_files(task)

    @property
    def unreadable(self) -> dict[Path, str]:
        """The texts that are no text notebooks, with what is wrong with them."""
        return self._read[1]

    @property
    def every_page(self) -> tuple[Page, ...]:
        """All texts that people read: the course's pages, lessons and assignments, but not the mutants."""
        hidden = self.course.folder / "mutants"
        return tuple(page for path, page in self._read[0].items() if not path.is_relative_to(hidden))

    @property
    def lessons(self) -> tuple[tuple[Lesson, Page], ...]:
        """The lessons that can be read."""
        found = self._read[0]
        return tuple((item, found[p]) for item in self.course.lessons if (p := self.course.lesson_file(item)) in found)

    @property
    def assignments(self) -> tuple[tuple[Assignment, Page], ...]:
        """The assignments that can be read."""
        found, course = self._read[0], self.course
        return tuple((item, found[p]) for item in course.assignments if (p := course.assignment_file(item)) in found)

    def mutant_files(self, task: Assignment) -> tuple[Path, ...]:
        """Return the wrong answers that the course keeps for an assignment."""
        return tuple(sorted((self.course.folder / "mutants" / task.name).glob("*.md")))

    def mutants(self, task: Assignment) -> tuple[Page, ...]:
        """Return those of the wrong answers that can be read."""
        return tuple(self._read[0][path] for path in self.mutant_files(task) if path in self._read[0])

    def line_of(self, *location: str | int) -> int | None:
        """Return the line of course.yml on which a key stands, as ``line_of("lessons", 0, "time_limit_s")``."""
        return yaml_file.line_of(self.contract_file, *location)

    @property
    def contract_file(self) -> Path:
        """The file course.yml."""
        return self.course.folder / CONTRACT

    @property
    def gradable(self) -> tuple[tuple[Assignment, Page], ...]:
        """The assignments that can be released and graded: the markers and marks of all of them are sound."""
        for task, page in self.assignments:
            if assignment.problems(page.node, task.points):
                return ()
        return self.assignments if len(self.assignments) == len(self.course.assignments) else ()

    @property
    def scores(self) -> tuple[Score, ...]:
        """The mutation scores that some rule has asked for; none where nothing was graded."""
        if "laboratory" not in vars(self):
            return ()
        return tuple(bench.score for bench in self.laboratory.benches if "score" in vars(bench))

    @cached_property
    def laboratory(self) -> "Laboratory":
        """Where slow rules execute and grade; needs the environment of aula.kernel.settled."""
        from aula.check.laboratory import Laboratory, Work  # nbgrader takes a second to import

        work = [Work(task, page, self._replacing(task, page)) for task, page in self.gradable]
        return Laboratory(self.course, self._scratch / "laboratory", work)

    def _replacing(self, task: Assignment, page: Page) -> tuple[Page, ...]:
        """Return the wrong answers that replace some cell; the others are the assignment as it is."""
        known = {cell.grade_id for cell in page.cells if cell.grade_id}
        return tuple(one for one in self.mutants(task) if known & {cell.grade_id for cell in one.cells})

    @property
    def runs(self) -> "tuple[Run, ...]":
        """The runs of notebooks that some rule has asked for; none where nothing was executed."""
        parts = vars(vars(self)["rehearsal"]) if "rehearsal" in vars(self) else {}
        return tuple(run for name in ("first", "second") for run in parts.get(name, ()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not done though a rule asked for it, and why."""
        ran = self.rehearsal.notes if "rehearsal" in vars(self) else ()
        benches = self.laboratory.benches if "laboratory" in vars(self) else ()
        return (*ran, *dict.fromkeys(bench.note for bench in benches if bench.note))

    @cached_property
    def rehearsal(self) -> "Rehearsal":
        """The notebooks as they run; needs the environment of aula.kernel.settled."""
        from aula.check.rehearsal import Rehearsal  # papermill takes a second to import

        return Rehearsal(self.course, self._read[0], self._scratch / "rehearsal", self._kept)

    @cached_property
    def _scratch(self) -> Path:
        """A folder that goes with the view."""
        self._place = TemporaryDirectory(prefix="aula-check-")
        return Path(self._place.name)
