"""An assignment as its trainees know it: the template without hidden tests, by which a result at once is given."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from nbformat import NotebookNode

from aula import marks, regions
from aula.grading.statements import parsed
from aula.grading.template import Cell, Template

HIDDEN = "HIDDEN TESTS"


@dataclass(frozen=True)
class Public:
    """A template without hidden tests, and what was left out of it."""

    template: Template
    partly: frozenset[str]
    """The tests of which a part is hidden."""
    hidden: frozenset[str]
    """The tests that are hidden as a whole: they are no tests of this template."""


def of(author: Template) -> Public:
    """Return an assignment's template without its hidden tests; nothing of these is in it.

    A job script is run for hidden tests alone: at once none is.
    """
    node = deepcopy(author.node)
    texts = {str(marks.of(cell).get("grade_id")): cell for cell in node.cells if marks.of(cell)}
    cells, partly, hidden = {}, set(), set()
    for name, cell in author.cells.items():
        mine = texts[name]
        cells[name] = replace(cell, node=mine)
        if cell.kind != "test":
            continue
        found, rest = regions.of(mine.source)
        if HIDDEN in found:
            mine.source = "\n".join(rest)
            partly.add(name)
        if not parsed(mine.source):
            mine.source = ""
            cells[name] = replace(cells[name], kind="other", points=0.0)
            hidden.add(name)
    return Public(replace(author, node=node, cells=cells, job=None), frozenset(partly - hidden), frozenset(hidden))


def headings(node: NotebookNode) -> dict[str, str]:
    """Return under which heading of the notebook each cell stands that nbgrader knows, by its name."""
    found, last = {}, ""
    for cell in node.cells:
        if cell.cell_type == "markdown":
            last = next(reversed([*_titles(cell.source)]), last)
        if marks.of(cell):
            found[str(marks.of(cell).get("grade_id"))] = last
    return found


def _titles(source: str) -> Iterator[str]:
    tokens = MarkdownIt("commonmark").parse(source)
    for opened, text in pairwise(tokens):
        if opened.type == "heading_open" and text.content:
            yield text.content


def kinds(public: Public, kind: str) -> list[Cell]:
    """Return the cells of a kind, in the notebook's order."""
    return [cell for cell in public.template.cells.values() if cell.kind == kind]
