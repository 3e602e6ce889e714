"""A notebook's turn to compute: only so many do so at once, and the time that it takes is the notebook's own."""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from aula.run.job import Job
from aula.run.progress import Teller


class Turn:
    """The time from a notebook's first code cell to the end of its last.

    Kernels start and end, and notebooks are read and written, while others compute.
    """

    def __init__(self, job: Job, gate: AbstractContextManager[Any] | None = None) -> None:
        self._limit_s, self._gate, self._told = job.time_limit_s, gate or nullcontext(), Teller(job)
        self._first = self._last = time.monotonic()
        self._begun = self._ended = False

    def begin(self, cell: int, cells: int) -> None:
        """Wait for the turn, with the first code cell; say which cell of how many begins."""
        if not self._begun:
            self._gate.__enter__()
            self._begun, self._first = True, time.monotonic()
        self._told.begin(cell, cells)

    def end(self) -> None:
        """Let another notebook compute, if none does yet in this one's stead."""
        if not self._ended:
            self._ended, self._last = True, time.monotonic()
            self._told.end()
            if self._begun:
                self._gate.__exit__(None, None, None)

    @property
    def left_s(self) -> float:
        """Seconds left of the notebook's limit."""
        return self._limit_s - (time.monotonic() - self._first)

    @property
    def seconds(self) -> float:
        """Seconds that it took, once it has ended."""
        return round(self._last - self._first, 3)
