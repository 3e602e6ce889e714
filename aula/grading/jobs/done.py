"""What came of a job script: its accounting record, what it printed, and the files that it left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from aula_spawner.slurm.record import Record

from aula.grading.jobs.script import Asked


@dataclass(frozen=True)
class Done:
    """A job that has ended."""

    asked: Asked
    record: Record
    said: str = ""
    """The beginning of what it printed."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The text of each file that the assignment wants and that it left."""
    wrong: Mapping[str, str] = field(default_factory=dict)
    """Why another one cannot be had, in words."""

    def told(self) -> dict[str, Any]:
        """Return it as tests see it, as the attributes of `job`: what was asked for, the record, what it left."""
        return {
            "asked": asdict(self.asked),
            **asdict(self.record),
            "said": self.said,
            "files": dict(self.files),
            "missing": dict(self.wrong),
        }
