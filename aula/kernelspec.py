"""The kernel that the notebooks of a course run ask for."""

import re
from dataclasses import dataclass

from aula.errors import NotebookError

USUAL = "python3"
"""The name of the kernel that notebooks ask for where their course says nothing else."""
KERNEL_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@dataclass(frozen=True)
class Kernel:
    """A course run's own kernel: its name, which is the run's, and the title that people read."""

    name: str
    title: str

    def __post_init__(self) -> None:
        if not KERNEL_NAME.fullmatch(self.name):
            raise NotebookError(f"'{self.name[:60]}' is no kernel's name: use small letters, digits and hyphens")
        if not self.title.strip() or not self.title.isprintable():
            raise NotebookError(f"{self.title[:60]!r} is no kernel's title: use one line of text")
