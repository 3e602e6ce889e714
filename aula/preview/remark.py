"""What Sphinx says against a page, in terms of the text that its author edits."""

import re
from pathlib import Path

import nbformat

from aula.check.page import Page
from aula.errors import NotebookError
from aula.press.jupyter_book import CELL_LINES
from aula.preview.leaf import Leaf
from aula.preview.trouble import Trouble, short

SAID = re.compile(r"^(?P<file>[^:\s]+)(?::(?P<line>\d+))?: (?:WARNING|ERROR|CRITICAL): (?P<what>.*)$")
KIND = re.compile(r"\s*\[[a-z._-]+\]$")


def of(line: str, leaf: Leaf, source: Path) -> Trouble | None:
    """Return what a line of Sphinx's says against the page, which was printed from source; None where it does not."""
    found = SAID.match(line)
    if not found or found["file"] != str(leaf.file):
        return None
    number = _line(int(found["line"]), leaf, source) if found["line"] and leaf.kind != "about" else None
    return Trouble(
        short(leaf.source, leaf.course.folder),
        number,
        KIND.sub("", found["what"]).replace(f"courses/{leaf.course.id}/", ""),
    )


def _line(told: int, leaf: Leaf, source: Path) -> int | None:
    """Return the line of the text for a line as Sphinx counts them: from a multiple of the number of the cell."""
    number, line = divmod(told, CELL_LINES)
    try:
        printed = nbformat.read(source / leaf.file, as_version=4).cells[number - 1].source.splitlines()  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        lines = Page.read(leaf.source).text.splitlines()
    except (OSError, IndexError, NotebookError):
        return None
    wanted = printed[line - 1].strip() if 0 < line <= len(printed) else ""
    return next((place for place, text in enumerate(lines, start=1) if wanted and text.strip() == wanted), None)
