"""The service is killed in a storm of hand-ins: every receipt that was given can be honoured."""

from pathlib import Path

from tests.aula.web.hand_in.storm import weather

KILLS = 2


def test_a_kill_loses_nothing_that_has_a_receipt(tmp_path: Path) -> None:
    """Killed at any moment, it leaves no half hand-in; what it gave a receipt for is kept, by hash."""
    receipts, kept = weather(tmp_path, KILLS)
    assert 5 * KILLS < receipts <= kept
