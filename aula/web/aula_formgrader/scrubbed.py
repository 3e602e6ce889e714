"""A submission's notebook as a page may be made of it: of each thing what a page needs, in the form that it has."""

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

NAME = re.compile(r"[\w-]{1,200}", re.ASCII)
"""What nbgrader permits as a grade id."""
PICTURE = re.compile(r"[A-Za-z0-9+/=\s]*")
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
"""What is shown of an output: no scripts, and no widgets, which are scripts."""
LEFT_OUT = "An output was left out here: what a submission brings along does not run."
FLAGS, WORDS = ("grade", "solution", "locked", "task"), ("cell_type", "checksum")
LARGEST = 10_000
"""Pixels of a picture."""


def notebook(node: NotebookNode) -> NotebookNode:
    """Return a copy in which every value is of the kind that nbconvert's templates take for granted."""
    found = [cell for cell in node.get("cells", []) if isinstance(cell, dict)]
    cells = [{**_cell(cell), "id": f"cell-{number}"} for number, cell in enumerate(found)]
    about = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}
    return _nodes(made)  # type: ignore[no-any-return]  # a dictionary becomes a node


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    made: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "metadata": _metadata(cell.get("metadata")),
        "source": _text(cell.get("source")),
    }
    if kind == "code":
        outputs = cell.get("outputs")
        made["execution_count"] = _count(cell.get("execution_count"))
        made["outputs"] = [*_outputs(outputs if isinstance(outputs, list) else [])]
    elif isinstance(attached := cell.get("attachments"), dict):
        made["attachments"] = {str(name): _data(data) for name, data in attached.items()}
    return made


def _metadata(found: Any) -> dict[str, Any]:
    """Return nbgrader's part, where it is one, and what the grading noted: nothing of the rest is for a page."""
    found = found if isinstance(found, dict) else {}
    theirs, ours = found.get("nbgrader"), found.get("aula")
    made: dict[str, Any] = {"aula": ours} if isinstance(ours, dict) else {}
    if isinstance(theirs, dict) and _is_name(theirs.get("grade_id")):
        made["nbgrader"] = {
            "grade_id": theirs["grade_id"],
            "schema_version": 3,
            **{key: bool(theirs.get(key)) for key in FLAGS},
            **{key: theirs[key] for key in WORDS if _is_name(theirs.get(key))},
        }
        if isinstance(theirs.get("points"), int | float):
            made["nbgrader"]["points"] = theirs["points"]
    return made


def _outputs(found: list[Any]) -> Iterator[dict[str, Any]]:
    for one in found:
        kind = one.get("output_type") if isinstance(one, dict) else None
        if kind == "stream":
            name = "stderr" if one.get("name") == "stderr" else "stdout"
            yield {"output_type": kind, "name": name, "text": _text(one.get("text"))}
        elif kind == "error":
            lines = one.get("traceback")
            said = {key: _text(one.get(key)) for key in ("ename", "evalue")}
            traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
            yield {"output_type": kind, **said, "traceback": traceback}
        elif kind in ("display_data", "execute_result"):
            data = _data(one.get("data")) or {"text/plain": LEFT_OUT}
            made = {"output_type": kind, "data": data, "metadata": _sizes(one.get("metadata"))}
            yield made if kind == "display_data" else {**made, "execution_count": _count(one.get("execution_count"))}


def _data(found: Any) -> dict[str, str]:
    texts = {kind: _text(found[kind]) for kind in SHOWN if kind in found} if isinstance(found, dict) else {}
    pictures = ("image/png", "image/jpeg")
    return {kind: text for kind, text in texts.items() if kind not in pictures or PICTURE.fullmatch(text)}


def _sizes(found: Any) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {}
    for kind in ("image/png", "image/jpeg"):
        about = found.get(kind) if isinstance(found, dict) else None
        sizes = {key: about.get(key) for key in ("width", "height")} if isinstance(about, dict) else {}
        made[kind] = {key: int(size) for key, size in sizes.items() if isinstance(size, int | float) and size < LARGEST}
    return made


def _is_name(found: Any) -> bool:
    return isinstance(found, str) and bool(NAME.fullmatch(found))


def _count(found: Any) -> int | None:
    return found if isinstance(found, int) else None


def _text(found: Any) -> str:
    return "".join(map(str, found)) if isinstance(found, list) else "" if found is None else str(found)


def _nodes(found: Any) -> Any:
    """Return dictionaries as nbformat's nodes."""
    if isinstance(found, dict):
        return NotebookNode({key: _nodes(value) for key, value in found.items()})  # type: ignore[no-untyped-call]  # nbformat types half of itself
    return [_nodes(one) for one in found] if isinstance(found, list) else found
