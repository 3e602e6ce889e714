"""What the grading of one version of an assignment gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Points:
    """What a version earned without a person's help, what it could have earned, and the tests that it failed."""

    earned: float
    possible: float
    failed: tuple[str, ...]

    @classmethod
    def of(cls, tests: Mapping[str, tuple[float, float]]) -> Self:
        """Return the points of these tests: for each grade id what it gave and what it could give."""
        lost = sorted(name for name, (given, worth) in tests.items() if given < worth)
        return cls(sum(given for given, _ in tests.values()), sum(worth for _, worth in tests.values()), tuple(lost))
