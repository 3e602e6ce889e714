"""Grading what was handed in of an assignment: many at once, each once, and all of it into the gradebook together."""

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aula import closed
from aula.grading import handed_in, record, template
from aula.grading.engine import engine
from aula.grading.errors import GradingError
from aula.grading.gradebook import Book
from aula.grading.handed_in import Submission
from aula.grading.here import Here
from aula.grading.limits import Limits
from aula.grading.mark import Graded
from aula.grading.record import Records
from aula.grading.template import Template
from aula.grading.work import Place, Work

FOLDER = "grading"
"""Where a course run keeps what was graded."""


@dataclass(frozen=True)
class Batch:
    """The submissions of one assignment that are to be graded."""

    run_dir: Path
    run: str
    assignment: str
    jobs: int = 2
    again: bool = False
    """Whether to grade also what is graded already."""
    limits: Limits = field(default_factory=Limits)
    """What each submission may use."""
    cell_s: float = 60.0
    """Seconds that one cell of a submission may take."""
    place: Place = field(default_factory=Here)
    """Where they are graded."""

    def grade(self, students: Sequence[str] = (), tell: Callable[[str], None] = print) -> list[Graded]:
        """Grade them, or those of some students; return what was graded just now. Needs aula.kernel.settled.

        Who asks while another batch of the assignment runs waits for it, and finds its work done. Raises GradingError
        where the assignment was not released, or a student handed nothing in; and, when the others are recorded, where
        some could not be graded.
        """
        author = template.read(self.run_dir, self.assignment)
        folder = self.run_dir / FOLDER / self.assignment
        closed.make(folder.parent)
        closed.make(folder)
        with _alone(folder / "lock", tell), Book(self.run_dir, self.run) as book:
            todo = self._todo(author, book, students)
            graded, lost = self._tried(todo, author, Records(folder), tell) if todo else ({}, {})
            for submission, one in graded.items():
                record.put(self.run_dir, submission, one, self._source)
            book.record(self.assignment, graded.items())
        if lost:
            why = "\n".join(f"{one.student}: {reason}" for one, reason in lost.items())
            raise GradingError(f"{len(lost)} could not be graded, {len(graded)} are recorded. Grade again:\n{why}")
        return list(graded.values())

    @property
    def _source(self) -> Path:
        return self.run_dir / "source" / self.assignment

    def _todo(self, author: Template, book: Book, students: Sequence[str]) -> dict[Submission, str]:
        """Return the submissions that changed since they were graded, each with its digest."""
        found = handed_in.chosen(self.run_dir, self.assignment, students)
        known = {} if self.again else book.known(self.assignment)
        digests = {one: one.digest(author, engine()) for one in found}
        return {one: digest for one, digest in digests.items() if known.get(one.student) != digest}

    def _tried(
        self, todo: Mapping[Submission, str], author: Template, records: Records, tell: Callable[[str], None]
    ) -> tuple[dict[Submission, Graded], dict[Submission, str]]:
        """Return what came of each, those first that an interrupted batch left, and why nothing came of some."""
        done: dict[Submission, Graded] = {}
        lost: dict[Submission, str] = {}

        def note(submission: Submission, graded: Graded, how: str) -> None:
            done[submission] = graded
            most = sum(cell.points for cell in author.cells.values())
            tell(f"[{len(done)}/{len(todo)}] {graded.student}: {graded.points:g} of {most:g} points, {how}")

        for submission, digest in todo.items():
            if self.again:
                records.forget(digest)
            elif kept := records.find(digest):
                note(submission, kept, "as before the interruption")
        left = {submission: digest for submission, digest in todo.items() if submission not in done}
        if left:
            work = Work(self.run_dir, self.assignment, self.jobs, self.limits, self.cell_s)
            with closing(self.place.grade(work, left, records, tell)) as found:
                for submission, came in found:
                    if isinstance(came, str):
                        lost[submission] = came
                    else:
                        note(submission, came, f"{came.seconds:.1f} s")
        return done, lost


@contextmanager
def _alone(path: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Let nobody else grade this assignment meanwhile; wait for whoever does."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Somebody else grades this assignment now: waiting for the end.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
