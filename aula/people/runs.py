"""Course runs: a course given once, to some people, between two dates."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from aula.people import accounts, journal
from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.outline import Outline
from aula.people.tables import CourseRun, Enrolment, Person, RunAssignment, RunLesson, RunState, now
from aula.people.values import time_zone

RESERVED = ("book", "portal", "hand-in", "monitoring")
"""Names of the class's own services: a run's formgrader would be at the same address."""


def create(
    session: Session,
    name: str,
    *,
    course: str,
    title: str,
    first_day: date,
    last_day: date,
    zone: str,
    outline: Outline | None = None,
) -> CourseRun:
    """Create a run that begins with its first day and ends with its last, in its own time zone.

    An assignment is due at the end of the day that many days after the first, but not after the run's last day.
    Raises TakenError where the name is taken, PeopleError for a run that would end before it begins.
    """
    if name in RESERVED:
        raise TakenError(f"{name} is the name of a service of the class. Give the run another one, as {name}-2027.")
    if last_day < first_day:
        raise PeopleError(f"{name} would end on {last_day}, before it begins on {first_day}.")
    if session.scalar(select(CourseRun).where(CourseRun.name == name)):
        raise TakenError(f"There is a course run {name} already, and no name is used twice. Add a month or a number.")
    run = CourseRun(
        name=name,
        course=course,
        title=title,
        starts=_midnight(first_day, zone),
        ends=_midnight(last_day + timedelta(days=1), zone),
        time_zone=zone,
    )
    outline = outline or Outline()
    run.lessons, run.assignments = _lessons(outline), _assignments(outline, first_day, last_day, zone)
    session.add(run)
    session.flush()
    journal.note(session, "run created", name)
    return run


def get(session: Session, name: str) -> CourseRun:
    """Return a run by its name. Raise UnknownError where there is none."""
    found = session.scalar(select(CourseRun).where(CourseRun.name == name))
    if found is None:
        raise UnknownError(f"There is no course run {name!r}. See: aula run list")
    return found


def get_open(session: Session, name: str) -> CourseRun:
    """Return a run that is open. Raise RefusedError for one that is archived."""
    run = get(session, name)
    if run.state != RunState.OPEN:
        raise RefusedError(f"The course run {name} is archived. Open it again: aula run reopen {name}")
    return run


def everyone(session: Session) -> list[CourseRun]:
    """Return all runs, the latest first."""
    return list(session.scalars(select(CourseRun).order_by(CourseRun.starts.desc(), CourseRun.name)))


def archive(session: Session, name: str) -> CourseRun:
    """Archive a run: nobody joins it any more, lent Unix accounts that only it needed go back. It can be done twice."""
    run = get(session, name)
    hold(session, run, alone=True)
    if run.state != RunState.ARCHIVED:
        run.state = RunState.ARCHIVED.value
        journal.note(session, "run archived", name)
        for person in _people(session, run):
            accounts.release_unneeded(session, person)
    return run


def expire(session: Session, days: int) -> list[str]:
    """Archive the open runs that ended so many days ago, and return their names."""
    over = select(CourseRun.name).where(
        CourseRun.state == RunState.OPEN.value, CourseRun.ends < now() - timedelta(days=days)
    )
    names = list(session.scalars(over.order_by(CourseRun.name)))
    for name in names:
        archive(session, name)
    return names


def reopen(session: Session, name: str) -> CourseRun:
    """Open an archived run again; its people get Unix accounts. Raise RefusedError where too few are free."""
    run = get(session, name)
    hold(session, run, alone=True)
    if run.state != RunState.OPEN:
        run.state = RunState.OPEN.value
        journal.note(session, "run opened again", name)
        for person in _people(session, run):
            accounts.provide(session, person)
    return run


def hold(session: Session, run: CourseRun, *, alone: bool = False) -> None:
    """Look again at a run whose people are about to change, and let nobody archive or open it until we end."""
    session.refresh(run, attribute_names=["state"], with_for_update={"read": not alone, "key_share": alone})


def _people(session: Session, run: CourseRun) -> list[Person]:
    """Return who is in a run now, by name."""
    query = select(Person).join(Person.enrolments).where(Enrolment.run == run, Enrolment.left.is_(None))
    return list(session.scalars(query.order_by(Person.name)))


def settle(session: Session, name: str, *, content: str, environment: str) -> CourseRun:
    """Note that the machine has made a run ready, and with what; done twice, the first stays."""
    run = get(session, name)
    if run.content is None:
        run.content, run.environment = content, environment
        journal.note(session, "run made ready", name)
    return run


def correct(session: Session, name: str, *, content: str, outline: Outline) -> CourseRun:
    """Note that a run was given a corrected course. Due dates stay; a new assignment's is counted as at the start."""
    run = get_open(session, name)
    run.content = content
    session.execute(delete(RunLesson).where(RunLesson.run_id == run.id))
    session.expire(run, ["lessons"])
    run.lessons = _lessons(outline)
    known = {one.name: one for one in run.assignments}
    zone = ZoneInfo(run.time_zone)
    first_day = run.starts.astimezone(zone).date()
    last_day = (run.ends - timedelta(minutes=1)).astimezone(zone).date()
    for fresh in _assignments(outline, first_day, last_day, run.time_zone):
        if old := known.get(fresh.name):
            old.title, old.points = fresh.title, fresh.points
        else:
            run.assignments.append(fresh)
    journal.note(session, "run corrected", name)
    return run


def _lessons(outline: Outline) -> list[RunLesson]:
    return [
        RunLesson(position=number, file=file, title=text, minutes=minutes)
        for number, (file, text, minutes) in enumerate(outline.lessons)
    ]


def _assignments(outline: Outline, first_day: date, last_day: date, zone: str) -> list[RunAssignment]:
    return [
        RunAssignment(
            name=task, title=text, points=points, due=_end_of(min(first_day + timedelta(days), last_day), zone)
        )
        for task, text, points, days in outline.assignments
    ]


def _end_of(day: date, zone: str) -> datetime:
    """Return the last minute of a day in a time zone."""
    return datetime.combine(day, time(23, 59), ZoneInfo(time_zone(zone)))


def _midnight(day: date, zone: str) -> datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(time_zone(zone)))
