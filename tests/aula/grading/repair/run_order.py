"""What of a restored notebook its points depend on: which code runs before which test."""

from collections.abc import Collection

from nbformat import NotebookNode

from aula import marks
from aula.grading.repair.cells import squeezed
from aula.grading.template import Template
from tests.aula.grading.repair.damages import ADDED


def steps(node: NotebookNode, author: Template, own: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return each test, and before it what runs, wherever cells begin and end.

    Without cells of somebody's own, and without copies of the tests that trainees see, and in answers of all that is
    the author's: what these compute is asked for by nobody.
    """
    found = [("", "")]
    public = _texts(author, [*author.tests])
    locked = _texts(author, [cell.name for cell in author.cells.values() if cell.is_locked])
    for cell in node.cells:
        name = str(marks.of(cell).get("grade_id", ""))
        if cell.cell_type != "code":
            continue
        known = author.cells.get(name)
        if known and known.is_locked and name not in author.tests:
            found[-1] = ("", found[-1][1] + squeezed(cell.source))
        elif name in author.tests:
            found += [(name, squeezed(cell.source)), ("", "")]
        elif squeezed(cell.source) not in own:
            lines = [line for line in cell.source.splitlines() if line.strip() not in ADDED]
            text = squeezed("".join(lines))
            for one in locked if name else public:
                text = text.replace(one, "")
            found[-1] = ("", found[-1][1] + text)
    return found


def _texts(author: Template, names: Collection[str]) -> list[str]:
    """Return the texts of some cells as trainees got them, the longest first."""
    named = {str(marks.of(cell).get("grade_id")): squeezed(cell.source) for cell in author.released.cells}
    return sorted((named[name] for name in names), key=len, reverse=True)


def own(node: NotebookNode) -> set[str]:
    """Return the code in the cells of a notebook that are its trainee's own."""
    return {squeezed(cell.source) for cell in node.cells if cell.cell_type == "code" and not marks.of(cell)} - {""}


def written(node: NotebookNode, author: Template) -> dict[str, str]:
    """Return the answers that a person reads, by their names."""
    named = {str(marks.of(cell).get("grade_id")): squeezed(cell.source) for cell in node.cells}
    return {cell.name: named[cell.name] for cell in author.cells.values() if cell.kind == "written"}
