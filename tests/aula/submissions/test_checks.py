"""Which notebooks are accepted: whatever JupyterLab saves, and what can still be repaired."""

import json
from pathlib import Path
from typing import Any

import pytest

from aula.submissions.checks import check
from aula.submissions.errors import RefusedError
from tests.aula.submissions.archive import CELL, notebook

DATA = [{"data": {"application/json": [[0.5, -1e-7, 12345678901234567890]] * 1000}, "output_type": "display_data"}]


@pytest.mark.parametrize(
    "content",
    [
        notebook(),
        notebook(cells=[]),
        notebook(nbformat_minor=..., metadata=...),
        notebook(cells=[{"cell_type": "code", "source": ["a\n", "b"]}]),
        notebook(cells=[{**CELL, "outputs": DATA}]),
        notebook(cells=[{**CELL, "source": "[{" * 100_000}]),
        notebook(cells=[{**CELL, "source": "€ 🎓 \\ud800 \\"}]),
        json.dumps(json.loads(notebook()), indent=1, ensure_ascii=False).encode() + b"\n",
    ],
    ids=["plain", "no cells", "no metadata", "lines", "data", "brackets in a text", "odd characters", "indented"],
)
def test_a_notebook_is_accepted(tmp_path: Path, content: bytes) -> None:
    """What is a notebook of format 4 passes, even where something is missing that the grading brings back."""
    (tmp_path / "sums.ipynb").write_bytes(content)
    check(tmp_path, ["sums"])


def test_all_notebooks_of_an_assignment_are_asked_for(tmp_path: Path) -> None:
    """Each one that was released must be there; further ones may be, and are not looked at."""
    (tmp_path / "one.ipynb").write_bytes(notebook())
    (tmp_path / "Untitled.ipynb").write_bytes(b"")
    check(tmp_path, ["one"])
    with pytest.raises(
        RefusedError, match=r"^two\.ipynb is missing: hand in the folder with one\.ipynb and two\.ipynb"
    ):
        check(tmp_path, ["one", "two"])


@pytest.mark.parametrize("changes", [{"metadata": {"a": "b" * 300}}, {"cells": [{**CELL, "metadata": 1}]}])
def test_a_reason_names_the_notebook_and_the_remedy(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Whoever reads a refusal knows which file to mend, and how."""
    (tmp_path / "sums.ipynb").write_bytes(notebook(**changes, nbformat=2))
    with pytest.raises(RefusedError, match=r"^sums\.ipynb is no notebook .* open it in JupyterLab, save it"):
        check(tmp_path, ["sums"])
