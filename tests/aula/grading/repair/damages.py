"""Ways in which people and editors damage a notebook and change no answer in it: each as a program."""

import re
from collections.abc import Callable
from copy import deepcopy
from random import Random

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from aula import marks

EXPLAINS = re.compile(r"#+ (Curves|Tables|Task \d)")
KINDS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
ADDED = ("pass", "# done", "print('here')")
"""Lines that somebody adds to a cell that is not theirs."""
EDITED = "aula-edited"
"""Marks a cell of which a test knows that its text is not the author's any more."""


def _named(node: NotebookNode) -> list[int]:
    return [index for index, cell in enumerate(node.cells) if marks.of(cell).get("grade_id")]


def _fixed(node: NotebookNode) -> list[int]:
    return [index for index in _named(node) if marks.of(node.cells[index]).get("locked")]


def _fresh(cell: NotebookNode, chance: Random, kind: str = "") -> NotebookNode:
    """Return a copy of a cell with an id of its own, as JupyterLab makes it."""
    made: NotebookNode = KINDS[kind or cell.cell_type](cell.source)
    made.metadata, made.id = deepcopy(cell.metadata), f"{chance.getrandbits(64):016x}"
    return made


def delete(node: NotebookNode, chance: Random) -> None:
    """Delete one of the author's own."""
    if fixed := [index for index in _fixed(node) if EDITED not in node.cells[index].metadata]:
        del node.cells[chance.choice(fixed)]


def delete_texts(node: NotebookNode, _chance: Random) -> None:
    """Delete what the author explains."""
    node.cells = [cell for cell in node.cells if not EXPLAINS.match(cell.source)]


def duplicate(node: NotebookNode, chance: Random) -> None:
    """Copy one of the author's cells, and paste it somewhere."""
    if named := _named(node):
        node.cells.insert(chance.randrange(len(node.cells) + 1), _fresh(node.cells[chance.choice(named)], chance))


def split(node: NotebookNode, chance: Random) -> None:
    """Split a cell in two, as JupyterLab does: both have its name."""
    _split(node, chance, keep=True)


def split_nameless(node: NotebookNode, chance: Random) -> None:
    """Split a cell in two, as editors do that know no names."""
    _split(node, chance, keep=False)


def _split(node: NotebookNode, chance: Random, *, keep: bool) -> None:
    long = [index for index in _named(node) if len(node.cells[index].source.splitlines()) > 1]
    if not long:
        return
    index = chance.choice(long)
    lines = node.cells[index].source.splitlines()
    at = chance.randrange(1, len(lines))
    second = _fresh(node.cells[index], chance)
    second.source = "\n".join(lines[at:]).strip("\n")
    if not keep:
        second.metadata = {}
    node.cells[index].source = "\n".join(lines[:at]).strip("\n")
    node.cells.insert(index + 1, second)


def merge(node: NotebookNode, chance: Random) -> None:
    """Merge one of the author's cells with its neighbour; either gives its name and type."""
    pairs = [
        index
        for index in range(len(node.cells) - 1)
        if any(marks.of(cell).get("locked") for cell in node.cells[index : index + 2])
        and all(marks.of(cell) and EDITED not in cell.metadata for cell in node.cells[index : index + 2])
    ]
    if pairs:
        index = chance.choice(pairs)
        two = node.cells[index : index + 2]
        one = _fresh(chance.choice(two), chance)
        one.source = "\n\n".join(cell.source for cell in two)
        one.metadata = {**one.metadata, EDITED: True}
        node.cells[index : index + 2] = [one]


def retype(node: NotebookNode, chance: Random) -> None:
    """Make one of the author's cells one of another type."""
    if named := _named(node):
        index = chance.choice(named)
        kind = chance.choice([kind for kind in KINDS if kind != node.cells[index].cell_type])
        other = _fresh(node.cells[index], chance, kind)
        other.id = node.cells[index].id
        node.cells[index] = other


def move(node: NotebookNode, chance: Random) -> None:
    """Move one of the author's cells somewhere else."""
    if named := _named(node):
        cell = node.cells.pop(chance.choice(named))
        node.cells.insert(chance.randrange(len(node.cells) + 1), cell)


def swap(node: NotebookNode, chance: Random) -> None:
    """Let two neighbours change places."""
    if len(named := _named(node)) > 1:
        index = chance.randrange(len(named) - 1)
        one, two = named[index], named[index + 1]
        node.cells[one], node.cells[two] = node.cells[two], node.cells[one]


def edit(node: NotebookNode, chance: Random) -> None:
    """Change the text of one of the author's own."""
    if fixed := [index for index in _fixed(node) if EDITED not in node.cells[index].metadata]:
        cell = node.cells[chance.choice(fixed)]
        lines = cell.source.splitlines()
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(ADDED))
        cell.source = "\n".join(lines)
        cell.metadata = {**cell.metadata, EDITED: True}


def lose_name(node: NotebookNode, chance: Random) -> None:
    """Lose what one cell says to nbgrader."""
    if named := _named(node):
        node.cells[chance.choice(named)].metadata.pop("nbgrader")


def spoil_name(node: NotebookNode, chance: Random) -> None:
    """Let one cell say nonsense to nbgrader."""
    if named := _named(node):
        nonsense = chance.choice([[], "cell", {"grade_id": 7}, {"grade_id": "cell-1234"}, {}, None])
        node.cells[chance.choice(named)].metadata["nbgrader"] = nonsense


def lose_names(node: NotebookNode, _chance: Random) -> None:
    """Lose all that cells say beside their text, as some editors do; Jupyter's ids stay."""
    for cell in node.cells:
        cell.metadata = {}


def copy_out(node: NotebookNode, chance: Random) -> None:
    """Copy the cells' texts into a new notebook of another editor."""
    node.cells = [_fresh(cell, chance) for cell in node.cells]
    for cell in node.cells:
        cell.metadata = {}
    node.metadata = {}


def other_kernel(node: NotebookNode, chance: Random) -> None:
    """Ask for another kernel, or for none."""
    spec = {"name": "ir", "display_name": "R", "language": "R"}
    node.metadata = chance.choice([{}, {"kernelspec": spec}, {"kernelspec": []}, {"language_info": {"name": "julia"}}])


DAMAGES: dict[str, Callable[[NotebookNode, Random], None]] = {
    one.__name__: one
    for one in (
        *(delete, delete_texts, duplicate, split, split_nameless, merge, retype, move, swap, edit),
        *(lose_name, spoil_name, lose_names, copy_out, other_kernel),
    )
}
