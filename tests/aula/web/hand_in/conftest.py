"""A hand-in service that is up, with a course run in which two assignments are released."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aula.web.hand_in.running import Running, running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """The service."""
    with running(tmp_path, "sums", "words") as one:
        yield one
