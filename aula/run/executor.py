"""Where notebooks run: on this machine, or on a Slurm."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from aula.run.cache import Cache
from aula.run.job import Job, Result

Note = Callable[[Result], None]
"""Takes the result of a notebook that has ended."""
Look = Callable[[str], None]
"""Looks at what runs; called often while notebooks run, with what else there is to say."""


class Executor(Protocol):
    """What executes notebooks."""

    def prepare(self, out: Path) -> None:
        """Look whether notebooks can run, before what an earlier run left in out is replaced. Raise RunError if not."""

    def execute(self, left: list[Job], cache: Cache | None, note: Note, look: Look) -> None:
        """Execute the jobs; note each result, keep it in the cache where it is clean, and look while others run."""
