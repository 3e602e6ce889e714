"""What somebody takes part in, as plain values, read in few statements: it is read each time that a page is opened."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from aula.people.tables import CourseRun, Enrolment, Person, Role, RunAssignment, RunLesson, RunState

DAY = timedelta(days=1)
STAFF = (Role.TUTOR, Role.INSTRUCTOR)


@dataclass(frozen=True)
class Lesson:
    """A lesson of a run."""

    file: str
    title: str
    minutes: int


@dataclass(frozen=True)
class Task:
    """An assignment of a run."""

    name: str
    title: str
    points: float
    due: datetime


@dataclass(frozen=True)
class Place:
    """A course run as one person sees it who is in it."""

    run: str
    course: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    role: str
    open: bool
    ready: bool
    lessons: tuple[Lesson, ...]
    tasks: tuple[Task, ...]

    @property
    def staff(self) -> bool:
        """Whether the person looks after the run, rather than learns in it."""
        return self.role in STAFF

    @property
    def days(self) -> int:
        """How many days the run has."""
        return max(1, round((self.ends - self.starts) / DAY))

    def day(self, now: datetime) -> int:
        """Return the number of this day in the run; 0 before it begins, and not more than it has."""
        return max(0, min(self.days, (now - self.starts) // DAY + 1))

    def next_task(self, now: datetime) -> Task | None:
        """Return the assignment that is due next."""
        return min((task for task in self.tasks if task.due >= now), key=lambda task: task.due, default=None)


_RUN, _ENROLMENT = CourseRun.__table__.c, Enrolment.__table__.c
_LESSON, _TASK = RunLesson.__table__.c, RunAssignment.__table__.c
# Written once and as plain tables: to write them anew each time takes longer than to run them.
_RUNS_OF = (
    select(
        *(_RUN[name] for name in ("id", "name", "course", "title", "starts", "ends", "time_zone", "state", "content")),
        *(_ENROLMENT[name] for name in ("role", "person_id")),
    )
    .select_from(CourseRun.__table__.join(Enrolment.__table__, _ENROLMENT.run_id == _RUN.id))
    .where(_ENROLMENT.person_id.in_(bindparam("persons", expanding=True)), _ENROLMENT.left.is_(None))
    .order_by(_RUN.state.desc(), _RUN.starts.desc(), _RUN.name)
)
_LESSONS_OF = (
    select(_LESSON.run_id, _LESSON.file, _LESSON.title, _LESSON.minutes)
    .where(_LESSON.run_id.in_(bindparam("runs", expanding=True)))
    .order_by(_LESSON.position)
)
_TASKS_OF = (
    select(_TASK.run_id, _TASK.name, _TASK.title, _TASK.points, _TASK.due)
    .where(_TASK.run_id.in_(bindparam("runs", expanding=True)))
    .order_by(_TASK.due, _TASK.name)
)
Outline = tuple[tuple[Lesson, ...], tuple[Task, ...]]


class Outlines:
    """What runs consist of, remembered for some seconds: hundreds open the same run when a class begins."""

    def __init__(self, seconds: float = 10, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._known: dict[int, tuple[float, Outline]] = {}

    def of(self, session: Session, runs: Iterable[int]) -> dict[int, Outline]:
        """Return the lessons and the assignments of each run."""
        oldest = self._clock() - self._seconds
        found = {run: self._known[run] for run in runs if run in self._known}
        fresh = {run: outline for run, (at, outline) in found.items() if at >= oldest}
        missing = [run for run in runs if run not in fresh]
        if missing:
            read = _outlines(session, missing)
            fresh |= read
            self._known |= {run: (self._clock(), outline) for run, outline in read.items()}
        return fresh


def places(session: Session, persons: Iterable[Person], outlines: Outlines | None = None) -> dict[int, list[Place]]:
    """Return the runs that each person is in, by the person's id: open ones first, and of these the latest first."""
    found: dict[int, list[Place]] = {person.id: [] for person in persons}
    rows = session.connection().execute(_RUNS_OF, {"persons": list(found)}).all()
    known = (outlines or Outlines()).of(session, {row.id for row in rows})
    for row in rows:
        found[row.person_id].append(_place(row, *known[row.id]))
    return found


def _place(row: Row[Any], lessons: tuple[Lesson, ...], tasks: tuple[Task, ...]) -> Place:
    return Place(
        run=row.name,
        course=row.course,
        title=row.title,
        starts=row.starts,
        ends=row.ends,
        time_zone=row.time_zone,
        role=row.role,
        open=row.state == RunState.OPEN,
        ready=row.content is not None,
        lessons=lessons,
        tasks=tasks,
    )


def _outlines(session: Session, runs: list[int]) -> dict[int, Outline]:
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    tasks: dict[int, list[Task]] = defaultdict(list)
    for run, *values in session.connection().execute(_LESSONS_OF, {"runs": runs}):
        lessons[run].append(Lesson(*values))
    for run, *values in session.connection().execute(_TASKS_OF, {"runs": runs}):
        tasks[run].append(Task(*values))
    return {run: (tuple(lessons[run]), tuple(tasks[run])) for run in runs}
