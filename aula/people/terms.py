"""The terms of a run's assignments: due dates, how long and how often hand-ins are taken, late rule, extensions.

Every change is in the journal: who, and from what to what. What they mean for a hand-in: aula/submissions/terms.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import enrolments, journal
from aula.people.errors import PeopleError, RefusedError, UnknownError
from aula.people.tables import CourseRun, Extension, Person, RunAssignment, RunState, now
from aula.people.values import line

MOST_ATTEMPTS, MOST_GRACE = 1000, 7 * 24 * 60
EARLIEST, LATEST = 2000, 2100
"""The years that a time may be in."""
NO_MOMENT = message("Write a date and a time, as 2026-12-01 23:59.")
CLOSED_BEFORE_DUE = message("It cannot close before it is due. Let it close later, or be due earlier.")


@dataclass(frozen=True)
class Rules:
    """The terms of an assignment but for extensions; the times have zones."""

    due: datetime
    accepted_until: datetime | None = None
    attempts: int | None = None
    percent_per_day: float = 0.0
    most_percent: float = 100.0
    grace_minutes: int = 0

    def wrong(self) -> dict[str, str]:
        """Return what cannot be, in words, by the name of the field; nothing where all can."""
        found: dict[str, str] = {}
        if self.accepted_until is not None and self.accepted_until < self.due:
            found["accepted_until"] = CLOSED_BEFORE_DUE
        if self.attempts is not None and not 1 <= self.attempts <= MOST_ATTEMPTS:
            found["attempts"] = message("Write a number from {least} to {most}.", least=1, most=MOST_ATTEMPTS)
        for name in ("percent_per_day", "most_percent"):
            if not 0 <= getattr(self, name) <= 100:
                found[name] = message("Write a number from {least} to {most}.", least=0, most=100)
        if not 0 <= self.grace_minutes <= MOST_GRACE:
            found["grace_minutes"] = message("Write a number from {least} to {most}.", least=0, most=MOST_GRACE)
        return found


FIELDS = tuple(Rules.__dataclass_fields__)


def assignment(session: Session, run: CourseRun, name: str) -> RunAssignment:
    """Return an assignment of a run. Raise UnknownError where there is none of that name."""
    found = session.get(RunAssignment, (run.id, name))
    if found is None:
        known = ", ".join(one.name for one in run.assignments) or "none"
        raise UnknownError(f"{run.name} has no assignment {name!r}. Its assignments: {known}.")
    return found


def rules(found: RunAssignment) -> Rules:
    """Return the terms that an assignment has."""
    return Rules(**{name: getattr(found, name) for name in FIELDS})


def change(session: Session, run: CourseRun, name: str, wanted: Rules) -> RunAssignment:
    """Give an assignment these terms; the journal has each that changes. Raise PeopleError for what cannot be."""
    _need_open(run)
    found = assignment(session, run, name)
    if wrong := wanted.wrong():
        raise PeopleError(f"{name}: {next(iter(wrong.values()))}")
    for field in FIELDS:
        before, after = getattr(found, field), getattr(wanted, field)
        if before != after:
            setattr(found, field, after)
            found.changed_by = _actor(session)
            journal.note(session, f"{name}: {field}: {said(before, run)} -> {said(after, run)}", run.name)
    session.flush()
    return found


def extend(session: Session, run: CourseRun, name: str, person: Person, due: datetime, why: str) -> Extension:
    """Give one person another due date. Raise RefusedError for one who is not in the run, or a date that helps not."""
    _need_open(run)
    found = assignment(session, run, name)
    if not enrolments.is_in(session, run, person):
        raise RefusedError(message("{person} is not in {run}.", person=person.name, run=run.name))
    if due <= found.due:
        raise RefusedError(message("An extension ends after the due date: choose a later time."))
    kept = session.get(Extension, (run.id, name, person.id))
    before = kept.due if kept else found.due
    given = {"due": due, "why": line(why, "a reason"), "by": _actor(session), "at": now()}
    if kept is None:
        kept = Extension(run=run, assignment=name, person=person, **given)
        session.add(kept)
    else:
        for field, value in given.items():
            setattr(kept, field, value)
    journal.note(session, f"{name}: {person.name} has until {said(due, run)}, had {said(before, run)}", run.name)
    session.flush()
    return kept


def take_back(session: Session, run: CourseRun, name: str, person: Person) -> None:
    """Let the due date of all count for a person again. Raise UnknownError where they have no other."""
    _need_open(run)
    kept = session.get(Extension, (run.id, name, person.id))
    if kept is None:
        raise UnknownError(message("{person} has no extension there.", person=person.name))
    journal.note(session, f"{name}: {person.name}'s extension until {said(kept.due, run)} taken back", run.name)
    assignment(session, run, name).changed_by = _actor(session)
    session.delete(kept)
    session.flush()
    session.expire(run, ["extensions"])


def extensions(session: Session, run: CourseRun) -> list[Extension]:
    """Return the extensions of a run, by assignment and person."""
    query = select(Extension).join(Extension.person).where(Extension.run_id == run.id)
    return list(session.scalars(query.order_by(Extension.assignment, Person.name)))


def state(run: CourseRun) -> list[dict[str, Any]]:
    """Return the terms of a run's assignments as JSON can hold them: what the machine writes for the services."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "points": one.points,
            "due": one.due.isoformat(),
            "accepted_until": one.accepted_until and one.accepted_until.isoformat(),
            "attempts": one.attempts,
            "late": {key: getattr(one, key) for key in ("percent_per_day", "most_percent", "grace_minutes")},
            "extensions": {each.person.name: each.due.isoformat() for each in _of(run, one.name)},
            "by": {
                "": one.changed_by or journal.OPERATOR,
                **{each.person.name: each.by for each in _of(run, one.name)},
            },
        }
        for one in run.assignments
    ]


def _of(run: CourseRun, name: str) -> list[Extension]:
    return sorted((one for one in run.extensions if one.assignment == name), key=lambda one: one.person.name)


def moment(text: str, run: CourseRun) -> datetime:
    """Return a time that was written by the run's clocks. Raise PeopleError for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is not None or not EARLIEST <= found.year <= LATEST:
        raise PeopleError(NO_MOMENT)
    return found.replace(second=0, microsecond=0, tzinfo=ZoneInfo(run.time_zone))


def said(value: object, run: CourseRun) -> str:
    """Return a value of the terms in words, times as the run's clocks show them."""
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(run.time_zone)):%Y-%m-%d %H:%M}"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _need_open(run: CourseRun) -> None:
    if run.state != RunState.OPEN:
        raise RefusedError(message("The course run {run} is archived. Its terms stay as they are.", run=run.name))


def _actor(session: Session) -> str:
    return str(session.info.get("actor", journal.OPERATOR))
