"""What somebody takes part in, as plain values, read in few statements: it is read each time that a page is opened."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
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


def places(session: Session, person: Person) -> list[Place]:
    """Return the runs that a person is in: those that are open first, and of these the latest first."""
    rows = session.execute(
        select(
            CourseRun.id,
            CourseRun.name,
            CourseRun.course,
            CourseRun.title,
            CourseRun.starts,
            CourseRun.ends,
            CourseRun.time_zone,
            CourseRun.state,
            CourseRun.content,
            Enrolment.role,
        )
        .join(Enrolment, Enrolment.run_id == CourseRun.id)
        .where(Enrolment.person_id == person.id, Enrolment.left.is_(None))
        .order_by(CourseRun.state.desc(), CourseRun.starts.desc(), CourseRun.name)
    ).all()
    lessons, tasks = _outline(session, [row.id for row in rows])
    return [_place(row, lessons[row.id], tasks[row.id]) for row in rows]


def _place(row: Row[Any], lessons: Iterable[Lesson], tasks: Iterable[Task]) -> Place:
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
        lessons=tuple(lessons),
        tasks=tuple(tasks),
    )


def _outline(session: Session, runs: list[int]) -> tuple[dict[int, list[Lesson]], dict[int, list[Task]]]:
    """Return the lessons and the assignments of each run."""
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    tasks: dict[int, list[Task]] = defaultdict(list)
    if runs:
        of_lessons = select(RunLesson.run_id, RunLesson.file, RunLesson.title, RunLesson.minutes)
        for run, file, title, minutes in session.execute(
            of_lessons.where(RunLesson.run_id.in_(runs)).order_by(RunLesson.position)
        ):
            lessons[run].append(Lesson(file, title, minutes))
        of_tasks = select(
            RunAssignment.run_id, RunAssignment.name, RunAssignment.title, RunAssignment.points, RunAssignment.due
        )
        for run, name, title, points, due in session.execute(
            of_tasks.where(RunAssignment.run_id.in_(runs)).order_by(RunAssignment.due, RunAssignment.name)
        ):
            tasks[run].append(Task(name, title, points, due))
    return lessons, tasks
