"""A sandbox that tests share, and students in it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from jupyter_client.kernelspec import get_kernel_spec

from aula.grading.boxed import Boxed
from aula.grading.limits import Limits
from aula.grading.sandbox import Sandbox, sandbox

Begin = Callable[..., Boxed]


@pytest.fixture(scope="session")
def python(settled: None) -> Path:  # noqa: ARG001  it says where kernels are
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
