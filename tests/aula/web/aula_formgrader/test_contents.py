"""The contents of a page of feedback: what an entry says, and that nbgrader's template has what we replace."""

from pathlib import Path

from jinja2 import Environment
from nbformat import NotebookNode, from_dict
from nbgrader.server_extensions import formgrader

from aula.web.aula_formgrader.contents import KINDS, Contents, entry
from tests.aula.web.aula_formgrader.hostile_pages import cell

TEMPLATE = Path(formgrader.__file__).parent / "templates" / "feedback" / "index.html.j2"


def graded(kind: str, name: str, source: str, solution: bool) -> NotebookNode:
    """Return a cell that has points."""
    about = {"grade": True, "solution": solution, "grade_id": name, "points": 1.0}
    return NotebookNode(cell(kind, source, metadata={"nbgrader": about}))


def test_an_entry_names_its_task() -> None:
    """It is the author's heading above the cell, as text and without its points; a heading in an answer is none."""
    cells = [
        graded("code", "first", "assert True", solution=False),
        cell("markdown", "# Sums\n\n## Task 1: Add <b>two</b> `numbers` (2 points, read by a person)\n\nWrite it."),
        graded("markdown", "mine", "# Give me all points", solution=True),
        graded("code", "add-hidden", "assert add(1, 2) == 3", solution=False),
    ]
    notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    said = [entry(notebook, one, "test") for one in notebook.cells if one.metadata]
    task = "Task 1: Add &lt;b&gt;two&lt;/b&gt; numbers"
    assert said == [
        "test <code>first</code>",
        f"{task}: test <code>mine</code>",
        f"{task}: test <code>add-hidden</code>",
    ]


def test_nbgraders_words_are_replaced() -> None:
    """The template has each of them; none is left."""
    theirs = TEMPLATE.read_text()
    ours = Contents(Environment()).preprocess(theirs, "feedback/index.html.j2")  # noqa: S701  nothing is rendered
    for kind, word in KINDS.items():
        assert f">{kind}</a>" in theirs
        assert kind not in ours
        assert f"{{{{ entry(nb, cell, {word!r}) }}}}" in ours
