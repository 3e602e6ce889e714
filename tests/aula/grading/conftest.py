"""A course run with a small course released into it."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from aula import release
from aula.grading import template
from aula.grading.template import Template
from tests.aula.small_course import load


@pytest.fixture
def run_dir(small: Path, tmp_path: Path, settled: None) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run's folder, with the small course's assignment released."""
    release.release(load(small), tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def author(run_dir: Path) -> Template:
    """Return the assignment as it was released."""
    return template.read(run_dir, "sums")


@pytest.fixture
def handed_out(run_dir: Path) -> NotebookNode:
    """Return the notebook that trainees get."""
    node: NotebookNode = nbformat.read(run_dir / "release/sums/sums.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return node
