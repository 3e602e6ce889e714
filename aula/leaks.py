"""Proof that a released copy shows no solution, hidden test or output, by comparing it with its source."""

import json
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from aula import assignment

# What nbgrader adds by itself: its stubs, and hashes that may hold any short text by chance.
STUBS = "# YOUR CODE HERE\nraise NotImplementedError()\nYOUR ANSWER HERE"
HASHES = {"checksum", "id"}


def find(source: NotebookNode, released: Path) -> list[str]:
    """Return a sentence for each thing in the released folder that a trainee must not see."""
    notebooks = sorted(released.rglob("*.ipynb"))
    if not notebooks:
        return [f"{released}: holds no notebook"]
    parts = assignment.split(source)
    visible = "\n".join([*parts.visible, STUBS])
    secrets = {line.strip() for line in parts.secret if line.strip() and line.strip() not in visible}
    found: list[str] = []
    for path in sorted(p for p in released.rglob("*") if p.is_file()):
        if path in notebooks:
            found += _in_notebook(path, secrets)
        else:
            lines = {line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()}
            found += [f"{path.name}: {line}" for line in sorted(secrets & lines)]
    return found


def _in_notebook(path: Path, secrets: set[str]) -> Iterator[str]:
    """Yield secret lines anywhere in a notebook, and its outputs."""
    content = json.loads(path.read_text(encoding="utf-8"))
    text = "\n".join(_texts(content))
    yield from (f"{path.name}: {line}" for line in sorted(secrets) if line in text)
    for number, cell in enumerate(content["cells"], start=1):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f"{path.name}: cell {number} holds an output"


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a JSON value, a cell's lines joined, but for hashes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        joined = all(isinstance(item, str) for item in value)
        yield from ["".join(value)] if joined else (text for item in value for text in _texts(item))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in HASHES:
                yield key
                yield from _texts(item)
