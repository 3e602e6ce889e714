"""The answers of a class: the code in the cells that the author has left to the trainees."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aula.glance import hand_ins
from aula.glance.folders import Folders

MOST_BYTES = 20_000_000
Answers = dict[str, str]
"""Code by the cell's name."""


def released(run_dir: Path, assignment: str) -> list[Answers]:
    """Return what the author has written: what trainees got, and the usual solution."""
    return [_code(_notebook(run_dir / kind / assignment, assignment)) for kind in ("release", "source")]


def of_class(folders: Folders, assignment: str) -> dict[str, Answers]:
    """Return the answers in each student's last hand-in; of who handed in otherwise, in what was collected."""
    places = {one.parent.name: one for one in (folders.run_dir / "submitted").glob(f"[!.]*/{assignment}")}
    places |= hand_ins.latest(folders.handed_in, assignment)
    found = {student: _code(_notebook(place, assignment)) for student, place in sorted(places.items())}
    return {student: answers for student, answers in found.items() if answers}


def _notebook(folder: Path, assignment: str) -> Mapping[str, Any]:
    """Return a notebook as data; nothing of one that cannot be read: grading says what is wrong with it."""
    path = folder / f"{assignment}.ipynb"
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            return {}
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _code(notebook: Mapping[str, Any]) -> Answers:
    found: Answers = {}
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else []:
        try:
            marks, source = cell["metadata"]["nbgrader"], cell["source"]
            if cell["cell_type"] == "code" and marks["solution"]:
                found[str(marks["grade_id"])] = source if isinstance(source, str) else "".join(source)
        except (KeyError, TypeError):
            continue
    return found
