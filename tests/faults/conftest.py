"""Fixtures of the tests that kill: a person whose server runs, and a classroom that is whole again afterwards."""

import time
from collections.abc import Iterator

import pytest

from deploy.classroom import classroom as whole
from tests.classroom import Classroom
from tests.integration.person import Person, alone


@pytest.fixture
def bruno(classroom: Classroom) -> Iterator[Person]:
    """Bruno, whose server runs; after the test everything is healthy again without a person."""
    with alone(classroom, "bruno") as person:
        person.start()
        yield person
        deadline = time.monotonic() + 60
        while not (now := whole.status(classroom.settings)).healthy:
            assert time.monotonic() < deadline, f"not healthy after the test: {now}"
            time.sleep(0.5)
