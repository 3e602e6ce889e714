"""The commands about the terms of a run's assignments: run terms, run due, run extend."""

import argparse
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from aula.commands.command import Actions, Answer, command, group, rows
from aula.people import persons, runs, terms
from aula.people.errors import PeopleError
from aula.people.tables import CourseRun, RunAssignment

NONE = "none"
WHEN = "by the run's clocks, as 2026-12-01T23:59"


def add(actions: Actions) -> None:
    """Add them to the commands about course runs."""
    parts = group(actions, "run")
    shown = command(parts, "terms", _terms, "show due dates, late rule, attempts and extensions of a run")
    shown.add_argument("run", help="the course run's name")
    due = command(parts, "due", _due, "set when an assignment is due, and what else holds for handing it in")
    due.add_argument("run", help="the course run's name")
    due.add_argument("assignment", help="the assignment's name")
    due.add_argument("when", nargs="?", metavar="WHEN", help=f"when it is due, {WHEN} (default: as it is)")
    due.add_argument("--until", metavar="WHEN", help=f"until when it is taken, or '{NONE}': while the run is open")
    due.add_argument("--attempts", metavar="N", help=f"how often each may hand it in, or '{NONE}'")
    due.add_argument("--off", type=float, metavar="PERCENT", help="of the points, for each day late that has begun")
    due.add_argument("--most", type=float, metavar="PERCENT", help="what being late costs at most")
    due.add_argument("--grace", type=int, metavar="MINUTES", help="being so late costs nothing")
    extend = command(parts, "extend", _extend, "give one person longer for an assignment")
    extend.add_argument("run", help="the course run's name")
    extend.add_argument("assignment", help="the assignment's name")
    extend.add_argument("person", help="the person's name at the hub")
    extend.add_argument("when", metavar="WHEN", help=f"until when they have time, {WHEN}; '{NONE}' takes it back")
    extend.add_argument("--why", default="", metavar="TEXT", help="the reason, in one line")


def _terms(session: Session, options: argparse.Namespace) -> Answer:
    return _told(session, runs.get(session, options.run))


def _due(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.get_open(session, options.run)
    wanted = terms.rules(terms.assignment(session, run, options.assignment))
    if options.when:
        wanted = replace(wanted, due=terms.moment(options.when, run))
    if options.until:
        wanted = replace(wanted, accepted_until=_or_none(options.until, run))
    if options.attempts:
        wanted = replace(wanted, attempts=None if options.attempts == NONE else _number(options.attempts))
    given = {"percent_per_day": options.off, "most_percent": options.most, "grace_minutes": options.grace}
    wanted = replace(wanted, **{name: value for name, value in given.items() if value is not None})
    terms.change(session, run, options.assignment, wanted)
    return _told(session, run)


def _extend(session: Session, options: argparse.Namespace) -> Answer:
    run, person = runs.get_open(session, options.run), persons.get(session, options.person)
    due = _or_none(options.when, run)
    if due is None:
        terms.take_back(session, run, options.assignment, person)
    elif not options.why.strip():
        raise PeopleError("Say why: --why 'was ill'. It is kept with the extension.")
    else:
        terms.extend(session, run, options.assignment, person, due, options.why)
    return _told(session, run)


def _told(session: Session, run: CourseRun) -> Answer:
    session.flush()
    session.expire(run, ["assignments", "extensions"])
    table: list[tuple[str, ...]] = [("assignment", "due", "taken until", "attempts", "being late costs", "extensions")]
    table += [_row(run, one) for one in run.assignments]
    data: dict[str, Any] = {"run": run.name, "time_zone": run.time_zone, "assignments": terms.state(run)}
    return data, f"{run.name}, times of {run.time_zone}:\n{rows(table)}"


def _row(run: CourseRun, one: RunAssignment) -> tuple[str, ...]:
    longer = [
        f"{each.person.name} {terms.said(each.due, run)}" for each in run.extensions if each.assignment == one.name
    ]
    cost = f"{one.percent_per_day:g} % a day, at most {one.most_percent:g} %, after {one.grace_minutes} minutes"
    return (
        one.name,
        terms.said(one.due, run),
        terms.said(one.accepted_until, run),
        terms.said(one.attempts, run),
        cost if one.percent_per_day else "nothing",
        ", ".join(sorted(longer)) or "-",
    )


def _or_none(text: str, run: CourseRun) -> datetime | None:
    return None if text == NONE else terms.moment(text, run)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise PeopleError(f"{text!r} is no number of attempts. Write one, or '{NONE}'.")
    return int(text)
