"""Proof that a released copy shows no solution, hidden test or output, by comparing it with its source."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from aula import assignment
from aula.release import distinctive, readings, stubs

# What nbgrader adds by itself, and may hold any short text by chance.
HASHES = {"checksum", "id"}


def find(source: NotebookNode, released: Path) -> list[str]:
    """Return a sentence for each thing in the released folder that a trainee must not see."""
    notebooks = sorted(released.rglob("*.ipynb"))
    if not notebooks:
        return [f"{released}: holds no notebook"]
    own = next((path for path in notebooks if path.stem == released.name), notebooks[0])
    parts = assignment.split(source)
    visible = "\n".join([*parts.visible, stubs.CODE, stubs.TEXT])
    secrets = {line.strip() for line in parts.secret if line.strip() and line.strip() not in visible}
    telling = list(distinctive.lines(parts.secret))
    found: list[str] = []
    for path in sorted(p for p in released.rglob("*") if p.is_file()):
        if path == own:
            found += _in_notebook(path, secrets, telling, {line.strip() for line in visible.splitlines()})
        else:
            found += _in_file(path, secrets, telling)
    return found


def _in_notebook(path: Path, secrets: set[str], telling: list[str], visible: set[str]) -> Iterator[str]:
    """Yield secret lines anywhere in the assignment's notebook, what its source does not show, and outputs."""
    content = json.loads(path.read_text(encoding="utf-8"))
    text = "\n".join(_texts(content))
    beside = list(_texts({**content, "cells": [{**cell, "source": ""} for cell in content["cells"]]}))
    told = {line for line in secrets if line in text}
    told |= set(distinctive.shown(telling, [*beside, *readings.in_text("\n".join(beside))]))
    yield from (f"{path.name}: {line}" for line in sorted(told))
    for number, cell in enumerate(content["cells"], start=1):
        yield from (f"{path.name}: cell {number} {said}" for said in _in_cell(cell, visible | told))


def _in_cell(cell: Mapping[str, object], known: set[str]) -> Iterator[str]:
    """Yield what a released cell holds that is not its source's."""
    for line in "\n".join(_texts(cell["source"])).splitlines():
        if line.strip() not in known:
            yield f"shows what its source does not: {line.strip()}"
    if cell.get("outputs") or cell.get("execution_count") is not None:
        yield "holds an output"
    if cell.get("attachments"):
        yield "holds an attachment"


def _in_file(path: Path, secrets: set[str], telling: list[str]) -> Iterator[str]:
    """Yield the secret lines of a file beside the notebook, packed or not, and a notebook's outputs."""
    texts = list(readings.of(path.read_bytes()))
    lines = {line.strip() for text in texts for line in text.splitlines()}
    told = (secrets & lines) | set(distinctive.shown(telling, texts))
    yield from (f"{path.name}: {line}" for line in sorted(told))
    if path.suffix == ".ipynb":
        try:
            cells = json.loads(texts[0])["cells"]
            told_by = [n for n, cell in enumerate(cells, start=1) if cell.get("outputs")]
        except (ValueError, KeyError, TypeError, AttributeError):
            yield f"{path.name}: is no notebook that can be read: mend it or take it away"
        else:
            yield from (f"{path.name}: cell {number} holds an output" for number in told_by)


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
