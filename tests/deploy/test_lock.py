"""One `up` or `down` at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.errors import BusyError
from deploy.lock import exclusive
from deploy.settings import CHECKOUT

HOLD = """
import sys
from pathlib import Path
from deploy.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_to_wait(tmp_path: Path) -> None:
    """While another process holds the lock, we are refused with the state's path; when it is killed, it is ours."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=rf"{tmp_path}\. Wait until it has ended"), exclusive(tmp_path):
            pass
        holder.kill()
    with exclusive(tmp_path):
        pass


def test_it_is_released_after_an_error(tmp_path: Path) -> None:
    """A step that fails leaves no lock behind: the next `up` works."""
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), exclusive(tmp_path):
            raise KeyboardInterrupt


def test_no_other_account_can_hold_it(tmp_path: Path) -> None:
    """The lock file cannot be opened by others, who could hold it for ever and stop every `up`."""
    before = os.umask(0)
    try:
        with exclusive(tmp_path):
            assert (tmp_path / ".lock").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
