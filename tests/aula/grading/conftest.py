"""A sandbox that tests share, students in it, and a course run with a small course released into it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import get_kernel_spec
from nbformat import NotebookNode

from aula import release
from aula.grading import template
from aula.grading.boxed import Boxed
from aula.grading.limits import Limits
from aula.grading.sandbox import Sandbox, sandbox
from aula.grading.template import Template
from tests.aula.small_course import load

Begin = Callable[..., Boxed]


@pytest.fixture(scope="session")
def python(settled: None) -> Path:
    """Return the interpreter that notebooks run on."""
    return Path(get_kernel_spec("python3").argv[0])


@pytest.fixture(scope="session")
def students(python: Path) -> Iterator[Sandbox]:
    """Return a sandbox that students are forked in."""
    with sandbox(python, ["numpy", "pandas", "matplotlib.pyplot"], "student") as running:
        yield running


@pytest.fixture
def begin(students: Sandbox) -> Iterator[Begin]:
    """Return what begins a student; all end with the test."""
    with ExitStack() as all_of_them:

        def begin(files: Path | None = None, limits: Limits | None = None, seed: int = 0) -> Boxed:
            ours, theirs = socket.socketpair()
            all_of_them.enter_context(ours)
            return all_of_them.enter_context(students.student(files, limits or Limits(), theirs, seed))

        yield begin


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
