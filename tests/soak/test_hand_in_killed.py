"""The hand-in service is killed twenty times in a storm of hand-ins."""

import os
from pathlib import Path

import pytest

from tests.aula.web.hand_in.storm import weather

KILLS = int(os.environ.get("AULA_SOAK_HAND_INS", "20"))


@pytest.mark.timeout(1800)
def test_twenty_kills_lose_nothing_that_has_a_receipt(tmp_path: Path) -> None:
    """Killed at any moment, it leaves no half hand-in; what it gave a receipt for is kept, by hash."""
    receipts, kept = weather(tmp_path, KILLS)
    assert 5 * KILLS < receipts <= kept
