"""What is printed: a lesson with the outputs that are known, an assignment's student version, a course's first page."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from aula import notebook
from aula.catalogue import Course
from aula.course import Assignment, Lesson
from aula.locale import message
from aula.press import pages, status
from aula.run.job import Result

FAILS = "it-fails-here"
"""Where a page leads to the cell that failed."""
STATES = {"error": "It fails", "warning": "It warns", "timeout": "It takes too long"}


@dataclass(frozen=True)
class Ran:
    """A run of a lesson: what came of it, and the notebook with its outputs."""

    result: Result
    node: NotebookNode

    @property
    def clean(self) -> bool:
        """Whether the book would take it."""
        return self.result.state == "ok"


def read(executed: Path, result: Result) -> Ran:
    """Return a run with the notebook that it wrote, without what papermill adds; a run that wrote none has no cells."""
    if not executed.exists():
        return Ran(result, nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    node = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    node.cells = [cell for cell in node.cells if notebook.number(cell) is not None]
    return Ran(result, node)


def lesson(course: Course, item: Lesson, node: NotebookNode, ran: Ran | None, *, current: bool) -> NotebookNode:
    """Return a lesson's page: its text, and the outputs of a run; current says whether that is of today's code."""
    shown = copy.deepcopy(node)
    if ran:
        _fill(shown, ran.node)
    facts, foot = [_quiet("Outputs follow when its code has run.")], ""
    if ran and not current:
        facts = [_quiet("Outputs are of the last run. What is new follows when its code has run.")]
    elif ran and ran.clean:
        facts = [_quiet(status.head(ran.result))]
        foot = status.foot(message("How this page ran"), ran.result, ran.node, "/")
    elif ran:
        facts = list(_failure(ran))
        _mark(shown, ran)
    head = pages.strip(facts, kind="" if not ran or ran.clean or not current else "aula-strip--failed")
    source, place = course.lesson_file(item), pages.page_of_lesson(item)
    return pages.finished(course, source, pages.for_readers(shown), (head, foot), place)


def assignment(course: Course, item: Assignment, node: NotebookNode) -> NotebookNode:
    """Return an assignment's page, from its student version."""
    facts = [
        f"<p><strong>Assignment, {item.points:g} points: the student version.</strong> Compared with its source, it "
        "shows no solution, no hidden test and no output.</p>",
        _quiet("Whether its tests tell right from wrong says <code>aula check</code>."),
    ]
    head = pages.strip(facts, kind="aula-strip--assignment")
    source, place = course.assignment_file(item), pages.page_of_assignment(item)
    return pages.finished(course, source, copy.deepcopy(node), (head, ""), place)


def _fill(node: NotebookNode, executed: NotebookNode) -> None:
    """Give each cell of code the outputs that the same code had, in the order of the text."""
    known: dict[str, list[NotebookNode]] = {}
    for cell in executed.cells:
        known.setdefault(cell.source, []).append(cell)
    for cell in node.cells:
        if cell.cell_type == "code" and known.get(cell.source):
            old = known[cell.source].pop(0)
            cell.outputs, cell.execution_count = old.get("outputs", []), old.get("execution_count")


def _failure(ran: Ran) -> Iterator[str]:
    """Yield what went wrong, with a link to the cell."""
    said = ran.result.error.partition("\nIn a browser:")[0].strip().splitlines()
    what = STATES[ran.result.state]
    where = f' in <a href="#{FAILS}">cell {number}</a>' if (number := failed(ran)) else ""
    yield f"<p><strong>{what}{where}: the book would not be built.</strong></p>"
    yield _quiet(escape(said[-1] if said else ""))


def failed(ran: Ran) -> int | None:
    """Return the number of the cell that failed or warned; None where no cell did."""
    for cell in ran.node.cells:
        outputs = cell.get("outputs", [])
        wrong = any(one.output_type == "error" or one.get("name") == "stderr" for one in outputs)
        if wrong and "raises-exception" not in notebook.tags(cell):
            return notebook.number(cell)
    return None


def _mark(node: NotebookNode, ran: Ran) -> None:
    """Put an anchor before the cell that failed."""
    number = failed(ran)
    for place, cell in enumerate(node.cells):
        if number and notebook.number(cell) == number:
            anchor = new_markdown_cell(f'<div id="{FAILS}"></div>', id=FAILS)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
            node.cells.insert(place, anchor)
            return


def _quiet(html: str) -> str:
    return f'<p class="aula-quiet">{html}</p>'
