"""What one cell of a submission earns, and why."""

from dataclasses import dataclass

from nbformat import NotebookNode


@dataclass(frozen=True)
class Mark:
    """The points of a cell, and a reason that its trainee may read; no points where a person is to give them."""

    points: float | None
    reason: str = ""


@dataclass(frozen=True)
class Graded:
    """What came of one submission: its notebook as it ran, and the mark of each graded cell, by name."""

    student: str
    assignment: str
    digest: str
    node: NotebookNode
    marks: dict[str, Mark]
    unanswered: frozenset[str] = frozenset()
    """The cells for answers that are as they were released."""
    notes: tuple[str, ...] = ()
    """What had to be restored in what was handed in, and what went wrong with all of it."""
    seconds: float = 0.0
    repaired: str = ""
    """The page that shows what had to be mended in what was handed in; empty where nothing had to be."""

    @property
    def points(self) -> float:
        """The points that programs gave."""
        return sum(mark.points or 0.0 for mark in self.marks.values())
