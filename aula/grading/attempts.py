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

from jupyter_client.kernelspec import NoSuchKernel, get_kernel_spec
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from aula import kernel, marks
from aula.grading import record, restoring, statements
from aula.grading.errors import GradingError, SubmissionError
from aula.grading.handed_in import Submission
from aula.grading.jobs.jobs import Jobs, jobs
from aula.grading.jobs.turn import Turn
from aula.grading.limits import Limits
from aula.grading.mark import Graded, Mark
from aula.grading.sandbox import Sandbox, sandbox
from aula.grading.template import Template
from aula.grading.trial import Trial, failure
from aula.run.warm.imports import wanted

SEED = 20_260_101
"""What random numbers begin with, in every submission alike."""
WAITS_S = 3600
"""Seconds that a submission may wait until its job script has run."""


@contextmanager
def attempts(author: Template, source: Path, limits: Limits, cell_s: float) -> Iterator["Attempts"]:
    """Yield what grades submissions of an assignment, with sandboxes that have loaded what its notebook imports.

    Raises GradingError where the machine permits no sandbox, the kernel's environment is missing, or the author's own
    solution does not pass.
    """
    modules, python = wanted([author.node]), _python(author)
    scripts = jobs(source.parent.parent, author.name, author.job, python)
    with sandbox(python, modules, "student") as students, sandbox(python, modules, "judge") as judges:
        made = Attempts(author, source, students, judges, limits, cell_s, scripts)
        made.try_reference()
        yield made


class Attempts:
    """Grades one submission after the other, or some at once, from threads."""

    def __init__(
        self,
        author: Template,
        source: Path,
        students: Sandbox,
        judges: Sandbox,
        limits: Limits,
        cell_s: float,
        scripts: Jobs | None = None,
    ) -> None:
        self._scripts = scripts
        self._author, self._source, self._students, self._judges = author, source, students, judges
        self._limits, self._cell_s = limits, cell_s
        # Who waits for a job, and for those before it, has the time; cells have no more than otherwise.
        self._boxes = replace(limits, wall_s=limits.wall_s + WAITS_S) if scripts else limits
        self._begin = statements.begin(author.node)
        self._operators: list[Any] | None = None

    def try_reference(self) -> None:
        """Try the author's own solution, and note what its tests ask of it. Raises GradingError unless all pass.

        Where helpers of the author's work only beside the trainee's code, as ranks that wait for one another, they
        run there.
        """
        for helpers in (True, False):
            self._begin = statements.begin(self._author.node, helpers=helpers)
            trial = self._tried(deepcopy(self._author.node), [self._source])
            lost = [name for name, points in self._author.tests.items() if trial.marks[name].points != points]
            if not lost:
                self._operators = trial.operators
                return
        said = trial.stopped or "\n".join(trial.said)
        raise GradingError(
            f"assignment '{self._author.name}': nothing was graded, for the author's own solution does not pass "
            f"{', '.join(lost)}: mend the tests, and release it again:\n{said}"
        )

    def grade(self, submission: Submission, digest: str) -> Graded:
        """Return what came of a submission with a digest."""
        began, author = time.monotonic(), self._author
        try:
            node, notes = restoring.restore(restoring.read(submission.notebook), author)
            trial = self._tried(node, [submission.folder, self._source])
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
        more = tuple(filter(None, (*notes, trial.stopped)))
        return Graded(submission.student, author.name, digest, node, given, unanswered, more, seconds)

    def _tried(self, node: NotebookNode, folders: list[Path]) -> Trial:
        """Return what came of a notebook with files of folders beside it, in two boxes of its own.

        Raises SubmissionError where the files are too many or too big.
        """
        with TemporaryDirectory(prefix="aula-") as name, ExitStack() as boxes:
            record.beside(folders, Path(name))
            if self._author.recording:
                (Path(name) / record.RECORDING).write_text(self._author.recording, encoding="utf-8")
            self._students.own(Path(name))
            line, other = socket.socketpair()
            boxes.callback(other.close)
            student = boxes.enter_context(self._students.student(Path(name), self._boxes, line, SEED))
            judge = boxes.enter_context(self._judges.judge(self._boxes, other, SEED))
            job = Turn(self._scripts) if self._scripts else None
            trial = Trial(node, self._author, student, judge, self._limits.wall_s, self._cell_s, job)
            trial.run(self._begin, self._operators)
        return trial


def _unreadable(submission: Submission, author: Template, digest: str, why: str) -> Graded:
    """Return what came of a submission that is no notebook: nothing, with the reason in each test."""
    node, _ = restoring.restore(new_notebook(), author)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    for cell in node.cells:
        if marks.of(cell).get("grade_id") in author.tests:
            cell.outputs = [failure("NotReadable", why)]
    given = {cell.name: Mark(0.0, why) for cell in author.cells.values() if cell.kind != "answer"}
    return Graded(submission.student, author.name, digest, node, given, notes=(why,))


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


def _python(author: Template) -> Path:
    """Return the interpreter of the kernel that the assignment's notebook names."""
    name = author.node.metadata.get("kernelspec", {}).get("name", kernel.NAME)
    try:
        return Path(get_kernel_spec(name).argv[0])
    except NoSuchKernel as error:
        raise GradingError(f"no kernel '{name}': set JUPYTER_PATH to where the course run's is") from error
