"""The table of contents of a page of feedback: each entry names its task, in place of "Test cell" a dozen times."""

import re

from jinja2.ext import Extension
from markupsafe import Markup
from nbformat import NotebookNode

KINDS = {"Test cell": "test", "Coding free-response": "answer in code", "Written response": "written answer"}
"""What nbgrader's template calls an entry, and what we add to its task."""
HEADING = re.compile(r"^#{1,6} +(.+?)(?: *\(\d+(?:\.\d+)? points?[^)\n]*\))? *$", re.MULTILINE)


class Contents(Extension):
    """Has nbgrader's template ask us for the words of an entry."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  Jinja's
        """Return a template's source with our words in place of the kinds of cell."""
        for theirs, ours in KINDS.items():
            source = source.replace(f">{theirs}</a>", f">{{{{ entry(nb, cell, {ours!r}) }}}}</a>")
        return source


def entry(notebook: NotebookNode, cell: NotebookNode, kind: str) -> Markup:
    """Return the words for a graded cell: the author's heading above it, what it is, and its name."""
    heading = ""
    for one in notebook.cells:
        if one is cell:
            break
        about = one.metadata.get("nbgrader", {})
        if one.cell_type == "markdown" and not about.get("solution"):
            heading = (HEADING.findall(one.source) or [heading])[-1]
    said = Markup("{}: {} <code>{}</code>") if heading else Markup("{}{} <code>{}</code>")
    return said.format(re.sub(r"[*`]", "", heading), kind, cell.metadata.nbgrader.grade_id)
