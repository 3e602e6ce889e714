"""What was mended, told in the first cell of a graded notebook: in formgrader, and in its trainee's feedback."""

import re
from copy import copy

from nbformat import NotebookNode

from aula.grading.mark import Graded
from aula.grading.repair.cells import made

NAME = "repaired"
MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
"""What Markdown or HTML could read as more than a letter."""


def of(graded: Graded) -> NotebookNode:
    """Return the graded notebook, with a cell on top where something was mended in it."""
    if not graded.repaired:
        return graded.node
    notes = [MARKUP.sub(r"\\\1", " ".join(note.split())) for note in graded.notes]
    cell = made("markdown", "\n".join(["**About what was handed in:**\n", *(f"- {note}" for note in notes)]))
    cell.id = NAME
    node = copy(graded.node)
    node.cells = [cell, *graded.node.cells]
    return node
