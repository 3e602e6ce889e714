"""Ways in which the file of a notebook is written otherwise than Jupyter does today."""

import json
from collections.abc import Callable
from typing import Any

import nbformat
from nbformat import NotebookNode

File = Callable[[NotebookNode], bytes]


def as_it_is(node: NotebookNode) -> bytes:
    """Return the file as Jupyter writes it."""
    return json.dumps(node).encode()


def in_lines(node: NotebookNode) -> bytes:
    """Return it with each text as its lines, as Jupyter does on disk."""
    text: str = nbformat.writes(node)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return text.encode()


def of_format_3(node: NotebookNode) -> bytes:
    """Return it in the format before 2015: worksheets, inputs, headings."""
    cells: list[dict[str, Any]] = []
    for cell in node.cells:
        name = "input" if cell.cell_type == "code" else "source"
        cells.append({"cell_type": cell.cell_type, name: cell.source, "metadata": cell.metadata})
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    ).encode()


def of_minor_4(node: NotebookNode) -> bytes:
    """Return it in the format before 2020: without ids."""
    cells = [{key: value for key, value in cell.items() if key != "id"} for cell in node.cells]
    return json.dumps({**node, "cells": cells, "nbformat_minor": 4}).encode()


def of_minor_9(node: NotebookNode) -> bytes:
    """Return it in a format that is still to come, with keys that nobody knows."""
    cells = [{**cell, "colour": "red"} for cell in node.cells]
    return json.dumps({**node, "cells": cells, "nbformat_minor": 9, "more": [1]}).encode()


def bare(node: NotebookNode) -> bytes:
    """Return it with nothing but the texts and what they say to nbgrader."""
    cells = [
        {key: cell[key] for key in ("cell_type", "source", "metadata", "id") if key in cell} for cell in node.cells
    ]
    return json.dumps({"cells": cells}).encode()


def marked(node: NotebookNode) -> bytes:
    """Return it as Windows' editor saves UTF-8."""
    return json.dumps(node, ensure_ascii=False).encode("utf-8-sig")


def wide(node: NotebookNode) -> bytes:
    """Return it in UTF-16."""
    return json.dumps(node, ensure_ascii=False).encode("utf-16")


FILES: tuple[File, ...] = (*(as_it_is, in_lines, of_format_3, of_minor_4, of_minor_9, bare, marked, wide),)
