"""A submitted notebook with the author's cells as they were released, whatever was handed in in their place."""

from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError
from nbgrader.utils import compute_checksum

from aula import marks, notebook
from aula.grading.errors import SubmissionError
from aula.grading.template import Cell, Template
from aula.submissions.limits import MOST_NOTEBOOK_BYTES


def read(path: Path) -> NotebookNode:
    """Return a notebook that was handed in. Raises SubmissionError, for its sender to read, where it is none."""
    if path.is_symlink() or not path.is_file():
        raise SubmissionError(f"{path.name} was not handed in as a file: hand it in again")
    if path.stat().st_size > MOST_NOTEBOOK_BYTES:
        raise SubmissionError(
            f"{path.name} has over {MOST_NOTEBOOK_BYTES // 1_000_000} MB: clear its outputs and hand it in again"
        )
    try:
        node: NotebookNode = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        nbformat.validate(node)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise SubmissionError(
            f"{path.name} cannot be read as a notebook: open it in JupyterLab, save it, hand it in again"
        ) from error
    return node


def restore(node: NotebookNode, template: Template) -> tuple[NotebookNode, list[str]]:
    """Return what is graded of a notebook that was handed in, and what had to be restored, in words.

    Answers stay, and cells that are the trainee's own; the author's are the author's: their text where they are
    locked, their type and what they are worth always. A cell that is missing comes back in its place.
    """
    node, said = deepcopy(node), []
    notebook.without_outputs(node)
    node.metadata["kernelspec"] = template.node.metadata.get("kernelspec", {})
    node.nbformat, node.nbformat_minor = template.node.nbformat, max(5, template.node.nbformat_minor)
    found: dict[str, NotebookNode] = {}
    for cell in reversed(node.cells):  # of two, the last counts, as nbgrader has it
        name = marks.of(cell).get("grade_id")
        cell.metadata.pop("nbgrader", None)
        if not isinstance(name, str) or name not in template.cells:
            continue
        if name in found:
            said.append(f"cell {name} is there twice: the last one counts")
            continue
        found[name] = cell
    for name, cell in found.items():
        said += _made_the_authors(cell, template.cells[name])
    _bring_back(node, found, template, said)
    for number, cell in enumerate(node.cells, start=1):
        cell.id = f"cell-{number}"
    return node, said


def is_unanswered(cell: NotebookNode, template: Cell) -> bool:
    """Return whether a cell for an answer is as it was released."""
    return bool(compute_checksum(cell) == template.checksum)


def _made_the_authors(cell: NotebookNode, author: Cell) -> list[str]:
    """Make it the author's cell, but for the answer in it; return what was changed, in words."""
    said = []
    if cell.cell_type != author.node.cell_type:
        said.append(f"cell {author.name} was of another type")
        cell.cell_type = author.node.cell_type
        for key in ("outputs", "execution_count", "attachments"):
            cell.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if author.is_locked and cell.source != author.node.source:
        cell.source = author.node.source
    cell.metadata["nbgrader"] = {**marks.of(author.node), "checksum": author.checksum}
    return said


def _bring_back(node: NotebookNode, found: dict[str, NotebookNode], template: Template, said: list[str]) -> None:
    """Put the author's missing cells back, each behind the one that stood before it."""
    before: NotebookNode | None = None
    for name, author in template.cells.items():
        if name not in found:
            said.append(f"cell {name} was missing")
            cell = deepcopy(author.node)
            _made_the_authors(cell, author)
            if not author.is_locked:
                cell.source = ""
            place = next((index + 1 for index, one in enumerate(node.cells) if one is before), 0)
            node.cells.insert(place, cell)
            found[name] = cell
        before = found[name]
