"""One submission, tried: its cells run in the student's box, its tests in the judge's, and each test earns its mark."""

import time
from typing import Any, Protocol

from nbformat import NotebookNode, ValidationError, from_dict
from nbformat.v4 import new_output
from nbformat.validator import validate

from aula import marks
from aula.grading.errors import ScriptError, SubmissionError
from aula.grading.jobs import turn
from aula.grading.jobs.turn import Turn
from aula.grading.mark import Mark
from aula.grading.statements import Begin
from aula.grading.template import Cell, Template

WARNED = 300
"""Characters of a warning that a trainee reads."""
MOST_OUTPUTS = 3000
"""Outputs of one submission's own cells that are looked at: each costs time that others wait for."""
BEGINS_S = 30.0
"""Seconds in which the judge is ready."""


class Box(Protocol):
    """A process in a sandbox that answers one message after the other."""

    def ask(self, message: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Return its answer. Raises SubmissionError where it ended, took too long or answered nonsense."""


class Trial:
    """What came of a restored notebook, cell by cell: its outputs are put into it."""

    def __init__(
        self,
        node: NotebookNode,
        template: Template,
        student: Box,
        judge: Box,
        limit_s: float,
        cell_s: float,
        job: Turn | None = None,
    ) -> None:
        """`job` is what runs the submission's job script, where the assignment has one."""
        self._job = job
        self._node, self._template, self._student, self._judge = node, template, student, judge
        self._end, self._cell_s = time.monotonic() + limit_s, cell_s
        self._room = MOST_OUTPUTS
        self.stopped = ""
        """Why nothing runs any more, in words for the trainee."""
        self.marks: dict[str, Mark] = {}
        self.operators: list[Any] = []
        """What the tests asked of the submission's own objects, as the judge records it."""
        self.said: list[str] = []
        """What tests said that did not pass, for the author."""

    def run(self, begin: Begin, operators: list[Any] | None) -> None:
        """Run every cell of code. `begin` is what the judge of the assignment begins with.

        Operators on the submission's own objects are the reference's; None while that is tried, to record them.
        """
        sources = [cell.source for cell in self._node.cells if cell.cell_type == "code"]
        message = {"own": begin.own, "names": begin.names, "operators": operators, "submission": sources}
        self._judge.ask({"do": "begin", **message}, BEGINS_S)
        for cell in self._node.cells:
            if cell.cell_type != "code":
                continue
            author = self._template.cells.get(str(marks.of(cell).get("grade_id")))
            if author and author.kind == "test":
                self.marks[author.name] = mark = self._test(cell, author)
                cell.metadata["aula"] = {"told": mark.reason}
            elif not self.stopped:
                self._run(cell)

    def _run(self, cell: NotebookNode) -> None:
        try:
            answer = self._student.ask({"do": "run", "source": cell.source}, self._left_s)
            told = _listed(answer.get("outputs"))
            kept, self._room = told[: self._room], max(0, self._room - len(told))
            cell.outputs = _outputs(kept, len(told) - len(kept))
        except SubmissionError as error:
            self._stop(f"Your notebook did not run to its end: {error}.")
            cell.outputs = [failure("Stopped", self.stopped)]

    def _test(self, cell: NotebookNode, author: Cell) -> Mark:
        """Return a test's mark; what failed shows in its outputs as an error, by which nbgrader knows it too."""
        try:
            if self.stopped:
                raise SubmissionError(self.stopped)
            if self._job and turn.asks(author.node.source):
                self._have_job(self._job)
            answer = self._judge.ask({"do": "test", "source": author.node.source}, self._left_s)
        except ScriptError as error:
            self.said.append(f"{author.name}: {error}")
            cell.outputs = [failure("NoJob", str(error))]
            return Mark(0.0, str(error))
        except SubmissionError as error:
            self._stop(f"A test of your work did not come to its end: {error}.")
            cell.outputs = [failure("NotTested", self.stopped)]
            return Mark(0.0, self.stopped)
        cell.outputs, self.operators = _outputs(_listed(answer.get("outputs"))), answer.get("operators", [])
        if answer.get("outcome") != "passed":
            self.said.append(f"{author.name}: {answer.get('said')}")
            cell.outputs.append(failure("Failed", str(answer.get("said", ""))))
            return Mark(0.0, str(answer.get("told", "")))
        if warned := "".join(one.text for one in cell.outputs if one.get("name") == "stderr"):
            return Mark(0.0, f"A warning, or something else on stderr, is a failure here: {warned[-WARNED:]}")
        if (part := answer.get("points")) is None:
            return Mark(author.points)
        points = min(max(float(part), 0.0), author.points)
        cell.outputs.append(_number(points))
        return Mark(points, str(answer.get("told", "")) if points < author.points else "")

    def _have_job(self, job: Turn) -> None:
        """Let the judge have what the job script left; the time that this takes is not the notebook's."""
        began = time.monotonic()
        try:
            job.take(self._student, self._judge, self._left_s)
        finally:
            self._end += time.monotonic() - began

    def _stop(self, why: str) -> None:
        self.stopped = self.stopped or why

    @property
    def _left_s(self) -> float:
        return max(0.1, min(self._cell_s, self._end - time.monotonic()))


def failure(name: str, text: str) -> NotebookNode:
    """Return the output of a cell that did not pass, by which nbgrader knows it too."""
    lines = text.splitlines() or [name]
    return _output("error", ename=name, evalue=lines[-1], traceback=lines)


def _number(points: float) -> NotebookNode:
    return _output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=None)


def _output(kind: str, **said: Any) -> NotebookNode:
    output: NotebookNode = new_output(kind, **said)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return output


def _listed(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _outputs(found: list[object], bad: int = 0) -> list[NotebookNode]:
    """Return the outputs that can be ones; the others are left out, and it says so, as of those that are not here."""
    good = []
    for one in found:
        try:
            output = from_dict(one)  # type: ignore[no-untyped-call]  # likewise
            validate(output, ref="output", version=4)
            good.append(output)
        except (ValidationError, ValueError, TypeError, AttributeError, RecursionError):
            bad += 1
    if bad:
        text = f"{bad} outputs of this cell could not be shown.\n"
        good.append(_output("stream", name="stdout", text=text))
    return good
