"""The class at a glance, as data: what the command prints as JSON, and the portal reads."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class State(StrEnum):
    """How far somebody is with an assignment."""

    NOTHING = "nothing"
    BEGAN = "began"
    WAITING = "waiting"
    """Handed in, and not graded."""
    AGAIN = "again"
    """Graded, and handed in once more since."""
    BY_HAND = "by hand"
    """Graded, but for what a person marks."""
    GRADED = "graded"
    GIVEN = "given"
    """The feedback on the last hand-in is released."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Test(_Told):
    """A cell of the author's that tests, and gives points."""

    __test__ = False  # it is none of pytest's
    name: str
    text: str
    """Its first line that says something."""
    points: float


class Work(_Told):
    """What one trainee has done of one assignment."""

    began: datetime | None = None
    """When they fetched it."""
    first: datetime | None = None
    """When they handed in for the first time,"""
    at: datetime | None = None
    """and for the last time."""
    number: int = 0
    """How often they handed in."""
    late_s: float | None = None
    """Seconds after the due date, theirs, of the last hand-in; None where nothing is due."""
    graded: datetime | None = None
    """When that was handed in which is graded."""
    points: float | None = None
    failed: tuple[int, ...] = ()
    """The tests that gave no points, by their place in the assignment's,"""
    partial: tuple[int, ...] = ()
    """and those that gave some."""
    by_hand: bool = False
    """Whether a person has still to mark something."""
    repaired: bool = False
    given: bool = False
    """Whether feedback on what is graded is released."""

    @property
    def state(self) -> State:
        """How far they are."""
        if self.graded is None:
            return State.WAITING if self.at else State.BEGAN if self.began else State.NOTHING
        if self.at and self.at > self.graded:
            return State.AGAIN
        if self.given:
            return State.GIVEN
        return State.BY_HAND if self.by_hand else State.GRADED


class Assignment(_Told):
    """One assignment, with the work of everybody who has done some."""

    name: str
    title: str
    points: float
    due: datetime | None
    tests: tuple[Test, ...]
    work: dict[str, Work]

    def of(self, student: str) -> Work:
        """Return somebody's work."""
        return self.work.get(student, Work())


class Class(_Told):
    """A course run's class."""

    version: int = 1
    run: str
    at: datetime
    students: tuple[str, ...]
    """Whom the gradebook knows, and who has begun something."""
    assignments: tuple[Assignment, ...]
