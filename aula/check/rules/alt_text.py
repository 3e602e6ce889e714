"""Images and figures have a text that says what they show."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aula.check import code
from aula.check.page import Cell, Page
from aula.check.rule import Problem, Rule
from aula.check.view import View

IMAGE = re.compile(r"!\[([^\]]*)\]\(|<img\b([^>]*)>")
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\s*\{(?:image|figure)\}.*\n((?:\s*:[\w-]+:.*\n)*)", re.MULTILINE)
LEAST_WORDS = 3
KEYS = {"alt", "align", "width", "height", "scale", "classes"}
"""What MyST-NB knows of an image."""
DRAWS = {"show", "subplots", "figure", "plot", "bar", "barh", "hist", "scatter", "imshow", "pie", "boxplot", "contourf"}


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        names = _pyplots(page)
        for cell in page.cells:
            yield from _drawn(page, cell, names) if cell.code else _shown(page, cell)


def _shown(page: Page, cell: Cell) -> Iterator[Problem]:
    """Yield the images in a text that have no words."""
    for found in IMAGE.finditer(cell.source):
        quoted = re.search(r"""\balt=["']([^"']*)["']""", found[2] or "")
        text = found[1] if found[1] is not None else (quoted[1] if quoted else "")
        if len(text.split()) < LEAST_WORDS:
            yield _problem(page, cell, found.start(), "An image")
    for found in DIRECTIVE.finditer(cell.source):
        alt = re.search(r":alt:(.*)", found[1])
        if not alt or len(alt[1].split()) < LEAST_WORDS:
            yield _problem(page, cell, found.start(), "A figure")


def _problem(page: Page, cell: Cell, at: int, what: str) -> Problem:
    line = cell.line + cell.source.count("\n", 0, at)
    return Problem(page.path, f"{what} has no alt text that says what it shows.", line, cell.number)


def _pyplots(page: Page) -> set[str]:
    """Return the names under which the page knows matplotlib's pyplot."""
    found = {"pyplot"}
    for cell in page.code:
        for node in ast.walk(code.tree(cell)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {a.asname for a in node.names if a.asname and "pyplot" in (a.name.rpartition(".")[2],)}
    return found


def _drawn(page: Page, cell: Cell, names: set[str]) -> Iterator[Problem]:
    """Yield a problem where a cell of code draws and gives no text."""
    calls = (code.called(node).rpartition(".") for node in ast.walk(code.tree(cell)))
    draws = any(last in DRAWS and before in names for before, _, last in calls)
    if unknown := sorted(map(str, _image(cell).keys() - KEYS)):
        sentence = f"Unknown key '{unknown[0]}' under 'image': perhaps the alt text has a comma and no quotes."
        yield Problem(page.path, sentence, cell.line, cell.number)
    elif draws and not cell.is_test and len(str(_image(cell).get("alt") or "").split()) < LEAST_WORDS:
        yield Problem(page.path, "A cell draws a figure that has no alt text.", cell.line, cell.number)


def _image(cell: Cell) -> Mapping[Any, Any]:
    """Return what a cell says of its own figures."""
    value: object = cell.metadata
    for key in ("mystnb", "image"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


RULE = Rule(
    name="alt-text",
    title="images and figures have a text that says what they show",
    why="Some people read with their ears. A figure without words tells them nothing; public bodies may not show one.",
    bad="![](queue.png)",
    good="![Horizontal bars: each job's wait in the queue, then its run](queue.png)",
    remedy='Write the text into the brackets; for a cell that draws, write :mystnb: {image: {alt: "What it shows"}} '
    "at its head, with the quotes.",
    find=_find,
)
