"""What the tests of the package aula share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import kernel
from tests.aula.small_course import write_course


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Folder of a small course that the test may break."""
    return write_course(tmp_path)


@pytest.fixture(scope="session")
def settled() -> Iterator[None]:
    """Let nbgrader and papermill find what they need, and nothing of the account's home."""
    with kernel.settled(Path(sys.executable).parent):
        yield
