"""Where a course run keeps what is looked at."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The folders of one run; those of the hand-in service may be left out."""

    run_dir: Path
    run: str
    handed_in: Path | None = None
    given: Path | None = None
