"""Which packages a sandbox loads because many submissions import them."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from aula.grading.popular import MOST_BYTES, popular


def hand_in(run_dir: Path, student: str, *cells: str) -> Path:
    """Write a trainee's notebook as the collection does; return its path."""
    path = run_dir / "submitted" / student / "task" / "task.ipynb"
    path.parent.mkdir(parents=True)
    node = new_notebook(cells=[new_code_cell(cell) for cell in cells])  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    nbformat.write(node, path)  # type: ignore[no-untyped-call]  # likewise
    return path


def test_what_two_import_is_popular(tmp_path: Path) -> None:
    """A package that two import is loaded for all; one that a single trainee imports is not."""
    hand_in(tmp_path, "ana", "import matplotlib.pyplot as plt", "import sympy")
    hand_in(tmp_path, "bruno", "from matplotlib import cm")
    assert popular(tmp_path, "task") == ["matplotlib"]


def test_only_whole_packages_that_are_known_to_be_safe(tmp_path: Path) -> None:
    """Parts of a package may run a program when they are imported, and other packages may do anything."""
    for student in ("ana", "bruno"):
        hand_in(tmp_path, student, "import numpy.f2py.__main__, antigravity, os", "from . import secrets")
    assert popular(tmp_path, "task") == ["numpy"]


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"cells": [{"cell_type": "code"}]}', '{"cells": 7}'])
def test_what_is_no_notebook_is_passed_over(tmp_path: Path, text: str) -> None:
    """Whatever was handed in in a notebook's place: the others count."""
    hand_in(tmp_path, "ana", "import pandas")
    hand_in(tmp_path, "bruno", "import pandas")
    hand_in(tmp_path, "carla").write_text(text)
    assert popular(tmp_path, "task") == ["pandas"]


def test_links_and_huge_notebooks_are_not_read(tmp_path: Path) -> None:
    """A link is not followed, and what is too long is not read."""
    honest = hand_in(tmp_path, "ana", "import pandas")
    link = hand_in(tmp_path, "bruno")
    link.unlink()
    link.symlink_to(honest)
    hand_in(tmp_path, "carla", "import pandas", "# " + "x" * MOST_BYTES)
    assert popular(tmp_path, "task") == []
