"""A class that hands in: what each trainee wrote, put where the collection would put it."""

from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from aula import marks

RIGHT = "def total(numbers):\n    return sum(numbers)\n"
WRONG = "def total(numbers):\n    return 1\n"
ENDLESS = "def total(numbers):\n    while True:\n        pass\n"


def hand_in(run_dir: Path, student: str, answer: str, *, at: str = "2026-11-09 22:59:00 UTC") -> Path:
    """Hand the assignment `sums` in with an answer; return the notebook's path."""
    node = nbformat.read(run_dir / "release/sums/sums.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    for cell in node.cells:
        if marks.of(cell).get("grade_id") == "total":
            cell.source = answer
    folder = run_dir / "submitted" / student / "sums"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(at)
    nbformat.write(node, folder / "sums.ipynb")  # type: ignore[no-untyped-call]  # likewise
    return folder / "sums.ipynb"


def points(run_dir: Path) -> dict[str, float]:
    """Return each student's points as nbgrader reads them."""
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", "run") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions("sums")}
