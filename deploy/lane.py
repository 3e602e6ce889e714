"""Long work that runs beside other work: at a lower priority as a rule, and quiet until somebody waits for its end."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from deploy.errors import DeployError
from deploy.progress import say

YIELDS = 10
"""By how much it is nicer than what runs beside it, as a rule. What it starts is so, too."""


class Lane:
    """A context in which `work` runs in a process of its own, so much nicer; what it says goes to a file.

    Where the block ends by an error or Ctrl-C the work is interrupted, as by Ctrl-C, and may tidy up.
    """

    def __init__(self, name: str, work: Callable[[], int], log: Path, nicer: int = YIELDS) -> None:
        self.name, self.log, self._work, self._nicer = name, log, work, nicer
        self._process = multiprocessing.get_context("fork").Process(target=self._run)

    def __enter__(self) -> "Lane":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        sys.stdout.flush()
        sys.stderr.flush()
        self._process.start()
        say(f"  …  {self.name}, beside what follows; it writes to {self.log}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None and self._process.pid and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGINT)
        self._process.join()

    def wait(self) -> int:
        """Wait for the end of the work, show what it said, and return its exit status."""
        self._process.join()
        say(f"\n{self.name}:\n{self.log.read_text(errors='replace')}")
        return self._process.exitcode or 0

    def _run(self) -> None:
        os.nice(self._nicer)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        out = self.log.open("w", buffering=1)
        os.dup2(out.fileno(), 1)  # what other programs say
        os.dup2(out.fileno(), 2)
        sys.stdout = sys.stderr = out
        try:
            status = self._work()
        except DeployError as error:
            say(f"{error}")
            status = 1
        sys.exit(status)
