"""Work that runs beside other work."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.errors import DeployError
from deploy.lane import YIELDS, Lane
from deploy.progress import say


def test_it_runs_meanwhile_and_is_shown_at_its_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing of it is seen before somebody waits; it yields to what runs beside it."""
    mine = os.nice(0)

    def work() -> int:
        say(f"nice: {os.nice(0)}")
        print("trouble", file=sys.stderr, flush=True)
        return 3

    with Lane("The other", work, tmp_path / "logs" / "other.log") as lane:
        say("mine")
        assert "nice" not in capfd.readouterr().out
        assert lane.wait() == 3
    said = capfd.readouterr().out
    assert said.startswith("\nThe other:\n")
    assert f"nice: {min(mine + YIELDS, 19)}" in said
    assert "trouble" in said


def refused() -> int:
    """Fail as a part of a class does."""
    raise DeployError("It cannot be. Do this.")


def broken() -> int:
    """Fail as nobody thought of."""
    raise ValueError("a surprise")


@pytest.mark.parametrize(("work", "words"), [(refused, "It cannot be. Do this."), (broken, "ValueError: a surprise")])
def test_an_error_of_it_is_a_failure(
    work: Callable[[], int], words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What went wrong is read at its end, and it counts."""
    with Lane("The other", work, tmp_path / "other.log") as lane:
        assert lane.wait() == 1
    assert words in capfd.readouterr().out


def test_where_the_rest_fails_it_tidies_up(tmp_path: Path) -> None:
    """It is interrupted, and its own end is waited for."""
    tidy, ready = tmp_path / "tidy", tmp_path / "ready"

    def work() -> int:
        try:
            ready.touch()
            time.sleep(60)
        finally:
            tidy.touch()
        return 0

    def fail() -> None:
        with Lane("The other", work, tmp_path / "other.log"):
            while not ready.exists():
                time.sleep(0.01)
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        fail()
    assert tidy.exists()
    assert signal.getsignal(signal.SIGINT) is before
