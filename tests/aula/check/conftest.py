"""What the tests of the check share."""

from pathlib import Path

import pytest

from tests.aula.check.good_course import write_course


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Folder of a small course that keeps every rule, and that the test may break."""
    return write_course(tmp_path)
