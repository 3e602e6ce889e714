"""A text file of a course as rules see it: its lines, its headings, its cells with their places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat import NotebookNode

from aula import marks, notebook


@dataclass(frozen=True)
class Cell:
    """A cell: its number, counted from 1, the line of its first line, and what it holds."""

    number: int
    line: int
    code: bool
    source: str
    tags: tuple[str, ...]
    marks: Mapping[str, Any]
    metadata: Mapping[str, Any]

    @property
    def grade_id(self) -> str:
        """The name that nbgrader knows the cell by; empty where it has none."""
        return str(self.marks.get("grade_id") or "")

    @property
    def is_test(self) -> bool:
        """Whether the cell tests by program: its failure costs points."""
        return self.code and bool(self.marks.get("grade")) and not self.marks.get("solution")

    @property
    def is_answer(self) -> bool:
        """Whether the cell holds code that trainees write."""
        return self.code and bool(self.marks.get("solution"))


@dataclass(frozen=True)
class Heading:
    """A heading of a text, with its line."""

    level: int
    title: str
    line: int


@dataclass(frozen=True, eq=False)
class Page:
    """A text of a course that can be read as a text notebook."""

    path: Path
    text: str
    node: NotebookNode
    cells: tuple[Cell, ...]

    @classmethod
    def read(cls, path: Path) -> "Page":
        """Return the page at path; raise NotebookError where it cannot be read as a notebook."""
        node = notebook.read(path)
        text = path.read_text(encoding="utf-8")
        return cls(path, text, node, tuple(_cells(node.cells, text.splitlines())))

    @property
    def code(self) -> tuple[Cell, ...]:
        """The cells of code."""
        return tuple(cell for cell in self.cells if cell.code)

    @property
    def prose(self) -> tuple[Cell, ...]:
        """The cells of text."""
        return tuple(cell for cell in self.cells if not cell.code)

    @cached_property
    def tokens(self) -> list[Token]:
        """The text as Markdown, with a map of its lines; the head of YAML is left out."""
        lines = self.text.splitlines()
        if lines[:1] == ["---"] and "---" in lines[1:]:
            end = lines.index("---", 1) + 1
            lines[:end] = [""] * end
        return MarkdownIt("commonmark").enable("table").parse("\n".join(lines))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in their order."""
        found = []
        for token, inline in zip(self.tokens, self.tokens[1:], strict=False):
            if token.type == "heading_open" and token.map:
                found.append(Heading(int(token.tag[1:]), inline.content.strip(), token.map[0] + 1))
        return tuple(found)

    def section(self, heading: Heading) -> str:
        """Return the text below a heading, up to the next of its level or above."""
        after = (h.line for h in self.headings if h.line > heading.line and h.level <= heading.level)
        lines = self.text.splitlines()
        return "\n".join(lines[heading.line : next(after, len(lines) + 1) - 1])

    def find(self, title: str) -> Heading | None:
        """Return the heading of that title, in whichever case; None where there is none."""
        return next((h for h in self.headings if h.title.casefold() == title.casefold()), None)

    def line_of_cell(self, number: int) -> int | None:
        """Return the line at which the cell of that number begins."""
        return next((cell.line for cell in self.cells if cell.number == number), None)


def _cells(nodes: list[Any], lines: list[str]) -> Iterator[Cell]:
    """Yield the cells; each begins where its first line is found, below the cell before it."""
    at = 0
    for number, node in enumerate(nodes, start=1):
        source = node.source.splitlines()
        wanted = source[0].strip() if source else None
        start = next((n for n in range(at, len(lines)) if wanted and lines[n].strip() == wanted), at)
        at = start + len(source)
        tags = tuple(notebook.tags(node))
        yield Cell(number, start + 1, node.cell_type == "code", node.source, tags, marks.of(node), node.metadata)
