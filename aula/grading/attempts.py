"""What turns one submission after the other into marks: two sandboxes that have loaded what the notebooks import."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbformat import NotebookNode

from aula import marks
from aula.grading import record, restoring, statements
from aula.grading.boxed import Boxed
from aula.grading.errors import GradingError, LongerError, SubmissionError, UnpassedError
from aula.grading.handed_in import Submission
from aula.grading.jobs.jobs import jobs
from aula.grading.jobs.turn import Runs, Turn
from aula.grading.limits import Limits
from aula.grading.mark import Graded, Mark
from aula.grading.pair import Pair
from aula.grading.repair import finding, page
from aula.grading.repair.change import Change
from aula.grading.repair.reading import Received
from aula.grading.template import Template
from aula.grading.trial import Trial, failure

SEED = 20_260_101
"""What random numbers begin with, in every submission alike."""
WAITS_S = 3600
"""Seconds that a submission may wait until its job script has run."""
TIMES = 3
"""Of the reference's time: who takes longer comes to an end when no others wait."""
LEAST_S, LEAST_WALL_S = 0.3, 1.0
"""Seconds of a turn, of processor time and by the clock, however quick the reference is."""


def attempts(
    author: Template, source: Path, boxes: Pair, limits: Limits, cell_s: float, scripts: Runs | None = None
) -> "Attempts":
    """Return what grades submissions of an assignment in sandboxes that have loaded what its notebook imports.

    `scripts` runs job scripts; by default the course run's account for them does. Raises GradingError where no box can
    be made, or the author's own solution does not pass.
    """
    scripts = scripts or jobs(source.parent.parent, author.name, author.job, boxes.python)
    made = Attempts(author, source, boxes, limits, cell_s, scripts)
    made.try_reference()
    return made


class Attempts:
    """Grades one submission after the other, or some at once, from threads."""

    def __init__(
        self,
        author: Template,
        source: Path,
        boxes: Pair,
        limits: Limits,
        cell_s: float,
        scripts: Runs | None = None,
    ) -> None:
        self._scripts = scripts
        self._author, self._source, self._pair = author, source, boxes
        # Who waits for a job, and for those before it, has the time; cells have no more than otherwise.
        self._limits = replace(limits, wall_s=limits.wall_s + WAITS_S) if scripts else limits
        self._wall_s, self._cell_s = limits.wall_s, cell_s
        self._turn = self._limits
        self._begin = statements.begin(author.node)
        self._operators: list[Any] | None = None

    def try_reference(self) -> None:
        """Try the author's own solution, and note what its tests ask of it. Raises GradingError unless all pass.

        Where helpers of the author's work only beside the trainee's code, as ranks that wait for one another, they
        run there.
        """
        for helpers in (True, False):
            self._begin = statements.begin(self._author.node, helpers=helpers)
            with self._boxes([self._source], self._limits) as (student, judge):
                began, node = time.monotonic(), deepcopy(self._author.node)
                trial = self._tried(node, student, judge)
                wall_s, cpu_s = time.monotonic() - began, max(student.end(), judge.end())
            lost = [name for name, points in self._author.tests.items() if trial.marks[name].points != points]
            if not lost:
                self._operators = trial.operators
                if self._scripts:  # how long a job waits is not its trainee's doing
                    return
                turn_s, turn_wall_s = max(TIMES * cpu_s, LEAST_S), max(TIMES * wall_s, LEAST_WALL_S)
                self._turn = replace(self._limits, turn_s=turn_s, turn_wall_s=turn_wall_s)
                return
        said = trial.stopped or "\n".join(trial.said)
        raise UnpassedError(self._author.name, lost, said)

    def grade(self, submission: Submission, digest: str, *, others_wait: bool = False) -> Graded:
        """Return what came of a submission with a digest.

        Where others wait, raises LongerError if it needs longer than its turn: three times the reference's time.
        """
        began, author, limits = time.monotonic(), self._author, self._turn if others_wait else self._limits
        try:
            restored = restoring.restore(finding.read(submission), author)
            node, repaired = restored.node, page.of(author.name, submission.student, restored.changes)
            with self._boxes([submission.folder, self._source], limits) as (student, judge):
                trial = self._tried(node, student, judge)
                if student.is_cut or judge.is_cut:
                    raise LongerError(f"{submission.student} needs longer than {TIMES} times the author's solution")
        except SubmissionError as error:
            return _unreadable(submission, author, digest, str(error))
        except GradingError:
            raise
        except Exception as error:  # noqa: BLE001  whatever one submission brings about: the others are graded
            why = f"what was handed in could not be graded: {type(error).__name__}: {error}"
            return _unreadable(submission, author, digest, why)
        unanswered = frozenset(_unanswered(node, author))
        given = trial.marks | _written(author, unanswered)
        seconds = round(time.monotonic() - began, 3)
        more = tuple(filter(None, (*restored.said, trial.stopped)))
        return Graded(submission.student, author.name, digest, node, given, unanswered, more, seconds, repaired)

    def _tried(self, node: NotebookNode, student: Boxed, judge: Boxed) -> Trial:
        """Return what came of a notebook, in two boxes of its own."""
        job = Turn(self._scripts) if self._scripts else None
        trial = Trial(node, self._author, student, judge, self._wall_s, self._cell_s, job)
        trial.run(self._begin, self._operators)
        return trial

    @contextmanager
    def _boxes(self, folders: list[Path], limits: Limits) -> Iterator[tuple[Boxed, Boxed]]:
        """Yield a student, with files of folders beside it, and a judge. Raises SubmissionError for too many files."""
        with TemporaryDirectory(prefix="aula-") as name, ExitStack() as boxes:
            record.beside(folders, Path(name))
            if self._author.recording:
                (Path(name) / record.RECORDING).write_text(self._author.recording, encoding="utf-8")
            self._pair.students.own(Path(name))
            line, other = socket.socketpair()
            boxes.callback(other.close)
            student = boxes.enter_context(self._pair.students.student(Path(name), limits, line, SEED))
            yield student, boxes.enter_context(self._pair.judges.judge(limits, other, SEED))


def _unreadable(submission: Submission, author: Template, digest: str, why: str) -> Graded:
    """Return what came of a submission that is no notebook: nothing, with the reason in each test."""
    node = restoring.restore(Received(), author).node
    for cell in node.cells:
        if marks.of(cell).get("grade_id") in author.tests:
            cell.outputs = [failure("NotReadable", why)]
    given = {cell.name: Mark(0.0, why) for cell in author.cells.values() if cell.kind != "answer"}
    repaired = page.of(author.name, submission.student, [Change(why, is_doubtful=True)])
    return Graded(submission.student, author.name, digest, node, given, notes=(why,), repaired=repaired)


def _unanswered(node: NotebookNode, author: Template) -> Iterator[str]:
    """Yield the names of the cells for answers, and of tasks, that are as they were released."""
    for cell in node.cells:
        known = author.cells.get(str(marks.of(cell).get("grade_id")))
        if known and known.kind in ("answer", "written") and restoring.is_unanswered(cell, known):
            yield known.name


def _written(author: Template, unanswered: frozenset[str]) -> dict[str, Mark]:
    """Return the marks of what a person is to read: none yet, or nothing where there is no answer."""
    read = [cell.name for cell in author.cells.values() if cell.kind in ("written", "task")]
    return {name: Mark(0.0, "There is no answer.") if name in unanswered else Mark(None) for name in read}
