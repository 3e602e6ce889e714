"""What a check found: findings with their place and remedy, and the mutation scores."""

from collections.abc import Mapping
from dataclasses import dataclass

from aula.check.mutation import Score
from aula.course import Value


@dataclass(frozen=True)
class Finding:
    """One thing to mend; the file is named as it stands in the checkout."""

    rule: str
    course: str
    file: str
    line: int | None
    cell: int | None
    sentence: str
    remedy: str

    @property
    def place(self) -> str:
        """Where in its file the finding is, in words; empty where only the file is known."""
        line = f"line {self.line}" if self.line else ""
        return line or (f"cell {self.cell}" if self.cell else "")


@dataclass(frozen=True)
class Ran:
    """A notebook as it ran: with which values other than its own, how long it computed, and with how much memory."""

    notebook: str
    values: Mapping[str, Value]
    state: str
    seconds: float
    limit_s: float
    memory_mb: int


@dataclass(frozen=True)
class Outcome:
    """What came of checking some courses."""

    courses: tuple[str, ...]
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    seconds: float
    fast: bool
    runs: tuple[Ran, ...] = ()
    notes: tuple[str, ...] = ()
    """What is no fault and worth to know, as what was not done, and why: sentences."""
    left_out: frozenset[tuple[str, str]] = frozenset()
    """Courses with rules that were not tried on them: what they look at has not changed."""
