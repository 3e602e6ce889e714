"""Course runs: a course given once, to some people, between two dates."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.tables import CourseRun, RunState, time_zone


def create(
    session: Session, name: str, *, course: str, title: str, first_day: date, last_day: date, zone: str
) -> CourseRun:
    """Create a run that begins with its first day and ends with its last, in its own time zone.

    Raises TakenError where the name is taken, PeopleError for a run that would end before it begins.
    """
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
    session.add(run)
    session.flush()
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
    """Archive a run: nobody joins it any more. Done twice, it is archived still."""
    run = get(session, name)
    run.state = RunState.ARCHIVED.value
    return run


def reopen(session: Session, name: str) -> CourseRun:
    """Open an archived run again."""
    run = get(session, name)
    run.state = RunState.OPEN.value
    return run


def _midnight(day: date, zone: str) -> datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(time_zone(zone)))
