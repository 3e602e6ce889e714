"""One notebook to execute, and what came of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aula.course import Resources, Value
from aula.kernelspec import USUAL

Kind = Literal["lessons", "assignments"]
State = Literal["ok", "error", "warning", "timeout"]


@dataclass(frozen=True)
class Job:
    """One notebook to execute: all that a worker needs to know."""

    course: str
    kind: Kind
    name: str
    place: Path  # a private copy of all that the notebook may read of its course
    folder: Path  # its working directory there
    executed: Path  # where the executed notebook goes
    time_limit_s: float
    parameters: dict[str, Value] = field(default_factory=dict)
    source: str = ""
    """The digest of the text, data and scripts that it is made of."""
    resources: Resources = field(default_factory=Resources)
    """What it asks of Slurm, where it runs there."""
    kernel: str = USUAL
    """The kernel that it runs on."""
    waits: bool = False
    """Whether it waits for Slurm most of its time, and computes little itself."""

    @property
    def title(self) -> str:
        """How reports name the notebook."""
        return f"{self.course}/{self.kind}/{self.name}"

    @property
    def shown(self) -> Path:
        """Where the notebook goes as a page, to be read in a browser, where it does not run clean."""
        return self.out / "failed" / self.course / self.kind / f"{self.name}.html"

    @property
    def out(self) -> Path:
        """The folder of the run: what came of its notebooks."""
        return self.executed.parents[3]

    @property
    def progress(self) -> Path:
        """The file that says how far it is, while it runs."""
        return self.out / "work" / "progress" / f"{self.course}.{self.kind}.{self.name}.json"

    @property
    def notebook(self) -> Path:
        """The notebook to execute, in its private folder."""
        return self.folder / f"{self.name}.ipynb"


@dataclass(frozen=True)
class Result:
    """What came of one notebook, as the report states it."""

    course: str
    notebook: str
    state: State
    seconds: float
    started: str
    host: str
    python: str
    error: str = ""
    source: str = ""
    """The digest of the text, data and scripts that ran."""
    hardware: str = ""
    libraries: dict[str, str] = field(default_factory=dict)
    """The version of each library that the notebook imports."""
    memory_mb: int = 0
    """The most memory that the kernel had, as far as it is known."""
    cpu_s: float = 0.0
    """The processor time that the kernel took, as far as it is known."""
    cached: bool = False
    """Whether it is of an earlier run: nothing that it depends on has changed since."""

    @property
    def title(self) -> str:
        """How reports name the notebook."""
        return f"{self.course}/{self.notebook}"
