"""A submitted notebook with the author's cells as they were released, whatever was handed in in their place."""

from copy import deepcopy
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.utils import compute_checksum

from aula import marks, notebook
from aula.grading.repair import cells
from aula.grading.repair.apart import apart
from aula.grading.repair.cells import Handed, Released
from aula.grading.repair.change import Change
from aula.grading.repair.leftovers import doubts, leave_out
from aula.grading.repair.matching import Matching
from aula.grading.repair.order import Placed, arrange
from aula.grading.repair.reading import Received
from aula.grading.template import Cell, Template


@dataclass(frozen=True)
class Restored:
    """What is graded of a notebook that was handed in, and what had to be mended in it."""

    node: NotebookNode
    changes: list[Change]

    @property
    def said(self) -> list[str]:
        """What had to be mended, in words."""
        return [change.said for change in self.changes]


def restore(received: Received, template: Template) -> Restored:
    """Return what is graded of a notebook that was handed in.

    Answers stay, and cells that are the trainee's own; the author's are the author's: their text where they are
    locked, their type, their place and what they are worth always. A cell that is missing comes back in its place.
    What was damaged is mended where it is clear what was meant.
    """
    released = cells.released(template.released)
    names = {cell.name for cell in released if cell.name}
    for mine in received.cells:
        mine.name = mine.name if mine.name in names else ""
    handed, changes = apart(released, received.cells)
    found = Matching(released, handed)
    left = [*leave_out(found), *doubts(found)]
    row, more = arrange(found)
    changes = [*(Change(said) for said in received.said), *changes, *found.changes, *left, *more]
    node: NotebookNode = new_notebook()  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    for number, one in enumerate(row, start=1):
        cell, change = _cell(one, template)
        cell.id = f"{notebook.CELL}{number}"
        node.cells.append(cell)
        changes += [change] if change else []
    node.metadata["kernelspec"] = template.node.metadata.get("kernelspec", {})
    return Restored(node, changes)


def is_unanswered(cell: NotebookNode, template: Cell) -> bool:
    """Return whether a cell for an answer is as it was released."""
    return bool(compute_checksum(cell) == template.checksum)


def _cell(one: Placed, template: Template) -> tuple[NotebookNode, Change | None]:
    """Return a cell as it is graded, and what was changed in it."""
    author, handed = one.author, one.handed
    if author is None or not author.name:
        return _own(author, handed)
    known = template.cells[author.name]
    if known.is_locked or handed is None:
        cell = deepcopy(known.node)
        cell.source = known.node.source if known.is_locked else ""
        cell.pop("attachments", None)
    else:
        cell = _filled(handed, known.node.cell_type)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    cell.metadata = {"nbgrader": {**marks.of(known.node), "checksum": known.checksum}}
    return cell, _changed(author, handed)


def _own(author: Released | None, handed: Handed | None) -> tuple[NotebookNode, Change | None]:
    """Return a cell that is the trainee's to change, or that the author gave without a name."""
    if handed is None:
        return cells.made("code", author.text if author else ""), None
    if author and author.kind != handed.kind and author.plain == handed.plain:
        return _filled(handed, author.kind), Change(f"{author.title} was of another type")
    return _filled(handed, handed.kind), None


def _filled(handed: Handed, kind: str) -> NotebookNode:
    cell = cells.made(kind, handed.text)
    if handed.attachments and kind != "code":
        cell.attachments = handed.attachments
    return cell


def _changed(author: Released, handed: Handed | None) -> Change | None:
    """Return what of an author's cell was not as it was released."""
    if handed is None:
        return None
    if author.kind != handed.kind:
        return Change(f"{author.title} was of another type", handed.text, author.text if author.is_locked else "")
    if author.is_locked and author.plain != handed.plain:
        return Change(f"{author.title} was changed: it counts as it was released", handed.text, author.text)
    return None
