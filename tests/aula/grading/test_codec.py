"""The codec: values arrive as they were, and nothing arrives that is no value."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.aula.grading.conftest import HERE, INSIDE, interpreter


@pytest.fixture(scope="module")
def trips() -> dict[str, Any]:
    """Return what came of sending many values, in the interpreter that has numpy and pandas."""
    command = [interpreter(), "-W", "error", str(Path(HERE) / "trips.py"), str(INSIDE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_values_arrive_as_they_were(trips: dict[str, Any]) -> None:
    """Numbers, texts, containers, dates, arrays and tables arrive equal and of the same type."""
    assert len(trips["values"]) >= 40
    assert [name for name, came in trips["values"].items() if not came] == []


def test_values_made_by_chance_arrive(trips: dict[str, Any]) -> None:
    """So do nested values that nobody thought of."""
    assert trips["drawn"] == [True] * 300


def test_identity_is_kept(trips: dict[str, Any]) -> None:
    """What is one object stays one, cycles and later messages included, and its changes arrive in it."""
    assert trips["identity"] == [True] * 6


def test_subclasses_arrive_as_plain_data(trips: dict[str, Any]) -> None:
    """A subclass that lies about itself arrives as what it is made of."""
    assert trips["plain"] == [True] * 10


def test_damaged_messages_are_refused(trips: dict[str, Any]) -> None:
    """A message with something else at one place is a value or refused; nothing else comes of it."""
    assert trips["broken"] == []
