"""The packages that many import who handed in: a sandbox loads them once, and not once for each of them."""

from collections import Counter
from itertools import islice
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import nbjson

from aula.run.warm.imports import SAFE, imported

MANY = 2
LOOKS = 200
"""Notebooks that are looked at."""
MOST_BYTES = 1_000_000
"""Bytes of one that is looked at."""


def popular(run_dir: Path, assignment: str) -> list[str]:
    """Return the safe packages that at least two of those import who handed in, and no parts of them.

    Names are the trainees': of a package that is safe, a part may not be.
    """
    notebooks = (run_dir / "submitted").glob(f"*/{assignment}/{assignment}.ipynb")
    found = Counter(package for path in islice(notebooks, LOOKS) for package in _packages(path))
    return sorted(package for package, times in found.items() if times >= MANY)


def _packages(path: Path) -> set[str]:
    """Return the safe packages that a notebook imports; none of one that is not to be read."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return set()
        node: NotebookNode = nbjson.reads(path.read_text(encoding="utf-8"))  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        return {module.partition(".")[0] for module in imported(node)} & SAFE
    except Exception:  # noqa: BLE001  whatever it is: whoever grades it says so
        return set()
