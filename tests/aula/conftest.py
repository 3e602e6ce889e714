"""What the tests of the package aula share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import kernel
from tests.aula.press.book_checkout import build, lay_out
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


@pytest.fixture
def checkout(small: Path) -> Path:
    """Return a checkout with the small course, ready to build a book of."""
    root = small.parents[1]
    lay_out(root)
    return root


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of a book that the tests only read: building it takes seconds."""
    root = tmp_path_factory.mktemp("book")
    write_course(root)
    lay_out(root)
    return build(root)
