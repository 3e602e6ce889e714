"""The cells that are compared: as they were released, and as they were handed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from aula import marks

MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


LONGEST = 20_000
"""Characters of a cell's text that are looked at for what it defines, and by its likeness to another."""
DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


def tidy(text: str) -> str:
    """Return a text without spaces at the ends of its lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def squeezed(text: str) -> str:
    """Return a text without what splitting and merging changes: spaces and lines' ends."""
    return "".join(text.split())


class _Text:
    """What is asked again and again of a cell's text."""

    text: str

    @cached_property
    def plain(self) -> str:
        """Its text, tidied."""
        return tidy(self.text)

    @cached_property
    def squeezed(self) -> str:
        """Its text without spaces and lines' ends."""
        return squeezed(self.text)

    @cached_property
    def defines(self) -> frozenset[str]:
        """The functions and classes that it defines, were it Python or not."""
        return frozenset(DEFINED.findall(self.text[:LONGEST]))


@dataclass(frozen=True)
class Released(_Text):
    """A cell as trainees get it: of a test only what they see."""

    place: int
    """Its place in the notebook, counted from 0."""
    name: str
    """What nbgrader calls it; empty where it does not know it."""
    kind: str
    text: str
    id: str
    is_locked: bool
    is_test: bool = False
    """Whether a program gives points by it."""

    @property
    def is_answer(self) -> bool:
        """Whether a trainee is to fill it in."""
        return bool(self.name) and not self.is_locked

    @property
    def counts(self) -> bool:
        """Whether grading needs it: nbgrader knows it, or it runs."""
        return bool(self.name) or self.kind == "code"

    @property
    def title(self) -> str:
        """What people call it."""
        return f"cell {self.name}" if self.name else f"the author's cell {self.place + 1}"


@dataclass(eq=False)
class Handed(_Text):
    """A cell that was handed in, or a part of one."""

    number: int
    """Its place in what was handed in, counted from 1."""
    kind: str
    text: str
    name: str = ""
    """What it says that nbgrader calls it."""
    id: str = ""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pictures in it, each by its kinds."""

    def become(self, text: str) -> None:
        """Have another text from now on."""
        self.text = text
        for known in ("plain", "squeezed", "defines"):
            vars(self).pop(known, None)

    def part(self, text: str, kind: str, name: str) -> "Handed":
        """Return a part of it."""
        return Handed(self.number, kind, text, name, attachments=self.attachments)


def released(node: NotebookNode) -> list[Released]:
    """Return the cells of a notebook as it was released."""
    return [_released(place, cell) for place, cell in enumerate(node.cells)]


def _released(place: int, cell: NotebookNode) -> Released:
    said = marks.of(cell)
    name, locked = str(said.get("grade_id", "")), bool(said.get("locked"))
    is_test = locked and cell.cell_type == "code" and bool(said.get("grade"))
    return Released(place, name, cell.cell_type, cell.source, str(cell.get("id", "")), locked, is_test)


def made(kind: str, text: str) -> NotebookNode:
    """Return a new cell."""
    cell: NotebookNode = MAKE[kind](text)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return cell
