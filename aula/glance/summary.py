"""What an instructor asks of a class, answered for one assignment and some of its people."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import quantiles

from aula.glance.model import Assignment, State, Test, Work

DONE = {State.WAITING, State.AGAIN, State.BY_HAND, State.GRADED, State.GIVEN}
MARKED = {State.AGAIN, State.BY_HAND, State.GRADED, State.GIVEN}
BARS = 10
"""Of how many bars the distribution of points consists."""
TRIES = 3
"""Who has handed in so often, and still fails a test, may need help."""
FEWEST = 4
"""Of how many people times are needed before they say what is usual."""


@dataclass(frozen=True)
class Counts:
    """How many people are how far."""

    people: int
    began: int
    handed_in: int
    late: int
    graded: int
    waiting: int
    """Handed in, or once more, and not graded."""
    by_hand: int
    given: int


@dataclass(frozen=True)
class Tried:
    """How a test came out."""

    test: Test
    passed: int
    partial: int
    failed: int

    @property
    def people(self) -> int:
        """Of how many."""
        return self.passed + self.partial + self.failed

    @property
    def share(self) -> float:
        """The share of those who did not get all of its points."""
        return (self.partial + self.failed) / max(self.people, 1)


@dataclass(frozen=True)
class Bar:
    """How many people have points in a range; its end belongs to the next one, but for the last."""

    low: float
    high: float
    people: int


@dataclass(frozen=True)
class Times:
    """Minutes from the fetch to the first hand-in: a quarter needed less than `quick`, a quarter more than `slow`."""

    people: int
    quick: float
    median: float
    slow: float


@dataclass(frozen=True)
class Stuck:
    """Somebody who may need help: of many tries, or for a long time without one."""

    student: str
    work: Work
    minutes: float | None = None
    """Since they began, where they have handed in nothing."""


@dataclass(frozen=True)
class Summary:
    """An assignment, of some people."""

    assignment: Assignment
    counts: Counts
    tests: tuple[Tried, ...]
    bars: tuple[Bar, ...]
    median: float | None
    """Of the points."""
    times: Times | None
    stuck: tuple[Stuck, ...]


def summarise(assignment: Assignment, people: Collection[str], now: datetime) -> Summary:
    """Return the answers."""
    work = {name: assignment.of(name) for name in people}
    marked = [one for one in work.values() if one.state in MARKED]
    points = [one.points for one in marked if one.points is not None]
    times = _times(list(work.values()))
    return Summary(
        assignment,
        _counts(list(work.values())),
        tuple(_tried(test, place, marked) for place, test in enumerate(assignment.tests)),
        bars(points, assignment.points),
        quantiles(points, n=2, method="inclusive")[0] if len(points) > 1 else next(iter(points), None),
        times,
        tuple(_stuck(work, times, now)),
    )


def _counts(work: list[Work]) -> Counts:
    states = Counter(one.state for one in work)
    return Counts(
        people=len(work),
        began=len(work) - states[State.NOTHING],
        handed_in=sum(states[one] for one in DONE),
        late=sum(bool(one.late_s) for one in work),
        graded=sum(states[one] for one in MARKED),
        waiting=states[State.WAITING] + states[State.AGAIN],
        by_hand=sum(one.by_hand for one in work),
        given=states[State.GIVEN],
    )


def _tried(test: Test, place: int, marked: list[Work]) -> Tried:
    failed = sum(place in one.failed for one in marked)
    partial = sum(place in one.partial for one in marked)
    return Tried(test, len(marked) - failed - partial, partial, failed)


def bars(points: Collection[float], most: float) -> tuple[Bar, ...]:
    """Return the distribution of points; none where nobody has any, or there are none to be had."""
    if not points or most <= 0:
        return ()
    edges = [most * number / BARS for number in range(BARS + 1)]
    found = Counter(min(int(BARS * max(one, 0.0) / most + 1e-9), BARS - 1) for one in points)
    return tuple(Bar(low, high, found[number]) for number, (low, high) in enumerate(pairwise(edges)))


def _times(work: list[Work]) -> Times | None:
    took = [(one.first - one.began).total_seconds() / 60 for one in work if one.began and one.first]
    took = [minutes for minutes in took if minutes >= 0]
    if len(took) < FEWEST:
        return None
    return Times(len(took), *quantiles(took, n=4, method="inclusive"))


def _stuck(work: dict[str, Work], times: Times | None, now: datetime) -> list[Stuck]:
    """Return who may need help: of many tries first, then who has been at it for longest."""
    found = [Stuck(name, one) for name, one in work.items() if one.number >= TRIES and (one.failed or one.partial)]
    found.sort(key=lambda one: (-one.work.number, one.student))
    slow = []
    for name, one in work.items():
        if one.state is State.BEGAN and one.began and times:
            minutes = (now - one.began).total_seconds() / 60
            if minutes > times.slow:
                slow.append(Stuck(name, one, minutes))
    return found + sorted(slow, key=lambda one: (-(one.minutes or 0), one.student))
