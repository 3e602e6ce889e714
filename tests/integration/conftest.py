"""Fixtures of the integration tests."""

from collections.abc import Iterator

import pytest

from tests.classroom import Classroom
from tests.integration.person import Person, alone


@pytest.fixture(scope="module")
def bruno(classroom: Classroom) -> Iterator[Person]:
    """A trainee of the first company."""
    with alone(classroom, "bruno") as person:
        yield person
