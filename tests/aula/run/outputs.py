"""What a notebook printed and drew, as two runs of it can be compared."""

import re

from nbformat import NotebookNode

# What differs from run to run, wherever it stands.
CHANCE = (
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"/tmp/[^ '\"\n]+"), "PATH"),  # noqa: S108  nothing is written there
    (re.compile(r"ipykernel_\d+"), "ipykernel_N"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "ID"),
    (re.compile(r"[\d.]+ [mnuµ]?s\b"), "TIME"),
)


def outputs(node: NotebookNode) -> list[object]:
    """Return each code cell's outputs without what differs by chance, and its number."""
    return [[_settled(_joined(cell.outputs)), cell.execution_count] for cell in node.cells if cell.cell_type == "code"]


def _joined(found: list[NotebookNode]) -> list[NotebookNode]:
    """Return outputs in which each stream is in one piece: a kernel sends it in several on a busy machine."""
    joined: list[NotebookNode] = []
    for one in found:
        last = joined[-1] if joined else None
        if last is not None and one.output_type == "stream" and last.get("name") == one.name:
            last.text += one.text
        else:
            joined.append(one)
    return joined


def _settled(found: object) -> object:
    """Return outputs without what differs by chance."""
    if isinstance(found, dict):
        return {key: _settled(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_settled(one) for one in found]
    if isinstance(found, str):
        for pattern, word in CHANCE:
            found = pattern.sub(word, found)
    return found
