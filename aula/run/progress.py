"""How far the running notebooks are: a small file for each, which whoever started them reads, on any machine."""

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from aula.run.job import Job


@dataclass(frozen=True)
class Progress:
    """One notebook that runs: its code cell of how many, and when it began, in seconds since 1970."""

    title: str
    cell: int
    cells: int
    began: float


class Teller:
    """Writes how far a notebook is. Where that cannot be written, the notebook runs all the same."""

    def __init__(self, job: Job) -> None:
        self._job, self._began = job, time.time()
        self.begin(0, 0)

    def begin(self, cell: int, cells: int) -> None:
        """Say that a cell begins."""
        file = self._job.progress
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".new")
            draft.write_text(json.dumps(asdict(Progress(self._job.title, cell, cells, self._began))), encoding="utf-8")
            draft.rename(file)

    def end(self) -> None:
        """Say that the notebook has ended."""
        with suppress(OSError):
            self._job.progress.unlink(missing_ok=True)


def read(folder: Path) -> list[Progress]:
    """Return what runs, by title, from the folder of the notebooks' files."""
    found = []
    for file in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, TypeError):  # it ends as we look
            found.append(Progress(**json.loads(file.read_text(encoding="utf-8"))))
    return found
