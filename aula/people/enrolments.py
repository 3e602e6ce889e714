"""Enrolments: who is in which course run, in which role, from which company; one by one, or from a list."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from aula.locale import message
from aula.people import accounts, companies, journal, persons, runs
from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.tables import Company, CourseRun, Enrolment, Person, Role, RunState, now
from aula.people.values import one_of

ROLES = tuple(role.value for role in Role)
COLUMNS = ("name", "full_name", "email", "company", "role", "language", "time_zone")
NEEDED = ("name", "full_name")


@dataclass(frozen=True)
class Roster:
    """What a list changed: names of people who were added, who were enrolled, and who were there already."""

    added: list[str]
    enrolled: list[str]
    unchanged: list[str]


def enrol(session: Session, run: CourseRun, person: Person, *, role: str, company: Company | None = None) -> Enrolment:
    """Enrol a person, or bring one back who had left; who has no Unix account is lent one.

    Raises TakenError for one who is there in another way, RefusedError where no account is free or the run is closed.
    """
    one_of(ROLES, role, "a role")
    runs.hold(session, run)
    if run.state != RunState.OPEN:
        raise RefusedError(message("The course run {run} is archived. Nobody can join it.", run=run.name))
    accounts.provide(session, person)
    found = session.scalar(select(Enrolment).where(Enrolment.run == run, Enrolment.person == person))
    if found is None:
        found = Enrolment(run=run, person=person, role=role, company=company)
        session.add(found)
        journal.note(session, f"{person.name} enrolled as {role}", run.name)
    elif found.left is not None:
        found.left, found.joined, found.role, found.company = None, now(), role, company
        journal.note(session, f"{person.name} enrolled again as {role}", run.name)
    elif (found.role, found.company) != (role, company):
        raise TakenError(
            f"{person.name} is in {run.name} already, as {found.role}"
            f"{f' of {found.company.name}' if found.company else ''}. Let them leave first: "
            f"aula leave {run.name} {person.name}"
        )
    session.flush()
    return found


def leave(session: Session, run: CourseRun, person: Person) -> Enrolment:
    """Note that a person has left a run; what they did stays, a lent Unix account goes back after the last open run.

    Raises UnknownError for one who is not in it.
    """
    found = session.scalar(
        select(Enrolment).where(Enrolment.run == run, Enrolment.person == person, Enrolment.left.is_(None))
    )
    if found is None:
        raise UnknownError(message("{person} is not in {run}.", person=person.name, run=run.name))
    found.left = now()
    journal.note(session, f"{person.name} left", run.name)
    accounts.release_unneeded(session, person)
    return found


def is_in(session: Session, run: CourseRun, person: Person) -> bool:
    """Tell whether a person is in a run now."""
    query = select(Enrolment.id).where(Enrolment.run == run, Enrolment.person == person, Enrolment.left.is_(None))
    return session.scalar(query) is not None


def present(session: Session, run: CourseRun) -> list[Enrolment]:
    """Return who is in a run now, by name."""
    query = select(Enrolment).join(Enrolment.person).where(Enrolment.run == run, Enrolment.left.is_(None))
    return list(session.scalars(query.order_by(Person.name)))


def of_person(session: Session, person: Person) -> list[Enrolment]:
    """Return where a person is now: their enrolments in open runs, by the runs' names."""
    query = (
        select(Enrolment)
        .join(Enrolment.run)
        .where(Enrolment.person == person, Enrolment.left.is_(None), CourseRun.state == RunState.OPEN.value)
    )
    loaded = (contains_eager(Enrolment.run), joinedload(Enrolment.company))
    return list(session.scalars(query.order_by(CourseRun.name).options(*loaded)))


def enrol_list(session: Session, run_name: str, lines: Iterable[str]) -> Roster:
    """Enrol everybody in a CSV text with a line of titles; people who are not known yet are added.

    Raises PeopleError that names the line; nothing is changed then.
    """
    run = runs.get_open(session, run_name)
    rows = csv.DictReader(lines, strict=True)
    _check_titles(rows.fieldnames)
    roster = Roster([], [], [])
    try:
        for row in rows:
            _enrol_row(session, run, row, roster)
    except (PeopleError, csv.Error) as error:
        said = str(error).rstrip(".")
        raise PeopleError(f"Line {rows.reader.line_num}: {said}. Nothing was changed.") from error
    return roster


def _check_titles(titles: Iterable[str] | None) -> None:
    found = list(titles or ())
    unknown = [title for title in found if title not in COLUMNS]
    missing = [title for title in NEEDED if title not in found]
    if unknown or missing:
        wrong = f"{unknown[0]!r} is no column" if unknown else f"the column {missing[0]!r} is missing"
        raise PeopleError(f"Line 1: {wrong}. Columns: {', '.join(COLUMNS)}; the first two are needed.")


def _enrol_row(session: Session, run: CourseRun, row: dict[str, str | None], roster: Roster) -> None:
    if None in row or None in row.values():
        raise PeopleError("It has another number of values than there are titles.")
    given = {title: (value or "").strip() for title, value in row.items()}
    name = given["name"]
    known = session.scalar(select(Person).where(Person.name == name))
    if known is None:
        known = persons.add(
            session,
            name,
            given["full_name"],
            email=given.get("email") or None,
            language=given.get("language") or None,
            time_zone=given.get("time_zone") or run.time_zone,
        )
        roster.added.append(name)
    before = [enrolment.person.name for enrolment in present(session, run)]
    company = companies.get(session, given["company"]) if given.get("company") else None
    enrol(session, run, known, role=given.get("role") or Role.TRAINEE.value, company=company)
    (roster.unchanged if name in before else roster.enrolled).append(name)
