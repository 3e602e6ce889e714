"""Fixtures that every test may use."""

from pathlib import Path

import pytest

from tests.classroom import Classroom

NEEDS_CLUSTER = ("integration", "journey", "hostile", "site", "faults", "operations", "soak")


@pytest.fixture(scope="session")
def classroom() -> Classroom:
    """The classroom that make test has brought up on a real Slurm."""
    return Classroom.running()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in the folders that need the running classroom."""
    root = Path(__file__).parent
    for item in items:
        if item.path.relative_to(root).parts[0] in NEEDS_CLUSTER:
            item.add_marker(pytest.mark.cluster)
