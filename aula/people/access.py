"""Who may see and do what with people and course runs: the one place where that is decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people.errors import NotYoursError
from aula.people.tables import Company, Contact, CourseRun, Enrolment, Invitation, Person, Request, Role, RunState

Own = TypeVar("Own")
NOT_YOURS = message("There is no such page, or it is not yours to open.")
LEARNERS = (Role.TRAINEE.value, Role.TUTOR.value)
"""Whom an instructor may invite and let go; instructors are an operator's business."""


@dataclass(frozen=True)
class RunRights:
    """What somebody may do with a course run that they may see."""

    invites: tuple[str, ...] = ()
    grades: bool = False


HELPS = RunRights(grades=True)
TEACHES = RunRights(invites=LEARNERS, grades=True)
RUNS_IT = RunRights(invites=(*LEARNERS, Role.INSTRUCTOR.value))
STAFF = {Role.TUTOR.value: HELPS, Role.INSTRUCTOR.value: TEACHES}


_KNOWN = select(Person).where(Person.name.in_(bindparam("names", expanding=True)), Person.closed.is_(None))


def known(session: Session, name: str | None) -> Person | None:
    """Return the person who has this name at the hub; None for nobody, for a stranger and for one who is closed."""
    return None if name is None else all_known(session, [name]).get(name)


def all_known(session: Session, names: Iterable[str]) -> dict[str, Person]:
    """Return those who have these names at the hub, strangers and those who are closed left out."""
    return {person.name: person for person in session.scalars(_KNOWN, {"names": list(names)})}


def to_run(session: Session, person: Person | None, name: str) -> tuple[CourseRun, RunRights]:
    """Return a course run for those who look after it, and what they may do there. Raise NotYoursError for others.

    Who may not see a run is not told whether there is one.
    """
    run = session.scalar(select(CourseRun).where(CourseRun.name == name))
    if person is None or run is None:
        raise NotYoursError(NOT_YOURS)
    if person.operator:
        return run, RUNS_IT
    role = session.scalar(
        select(Enrolment.role).where(
            Enrolment.run_id == run.id, Enrolment.person_id == person.id, Enrolment.left.is_(None)
        )
    )
    if role not in STAFF:
        raise NotYoursError(NOT_YOURS)
    return run, STAFF[role]


def to_learn(session: Session, person: Person | None, name: str) -> CourseRun:
    """Return a course run for who is in it now, in whatever role. Raise NotYoursError for others."""
    query = select(CourseRun).join(Enrolment, Enrolment.run_id == CourseRun.id)
    mine = None if person is None else query.where(Enrolment.person_id == person.id, Enrolment.left.is_(None))
    run = None if mine is None else session.scalar(mine.where(CourseRun.name == name))
    if run is None:
        raise NotYoursError(NOT_YOURS)
    return run


def to_requests(session: Session, person: Person | None, name: str) -> CourseRun:
    """Return a course run for those who look after it: they read and answer what its trainees ask."""
    return to_run(session, person, name)[0]


def to_request(session: Session, person: Person | None, name: str, number: int) -> Request:
    """Return a request in a run for those who may answer it."""
    run = to_requests(session, person, name)
    found = session.scalar(select(Request).where(Request.id == number, Request.run_id == run.id))
    if found is None:
        raise NotYoursError(NOT_YOURS)
    return found


def to_own_request(session: Session, person: Person | None, name: str, number: int) -> Request:
    """Return a request in a run for who has made it."""
    run = to_learn(session, person, name)
    found = session.scalar(select(Request).where(Request.id == number, Request.run_id == run.id))
    if found is None or person is None or found.person_id != person.id:
        raise NotYoursError(NOT_YOURS)
    return found


def to_invite(session: Session, person: Person | None, name: str) -> tuple[CourseRun, RunRights]:
    """Return a run that is open for those who may invite to it and let people go."""
    run, rights = to_run(session, person, name)
    if not rights.invites or run.state != RunState.OPEN:
        raise NotYoursError(NOT_YOURS)
    return run, rights


def to_servers(session: Session, person: Person | None, name: str) -> CourseRun:
    """Return a run that is open for those who look after it, and so may start and stop its trainees' servers."""
    run, _ = to_run(session, person, name)
    if run.state != RunState.OPEN:
        raise NotYoursError(NOT_YOURS)
    return run


def to_grading(session: Session, person: Person | None, name: str) -> CourseRun:
    """Return a run that is open for those who grade what is handed in there."""
    run, rights = to_run(session, person, name)
    if not rights.grades or run.state != RunState.OPEN:
        raise NotYoursError(NOT_YOURS)
    return run


def to_invitation(session: Session, person: Person | None, name: str, number: int) -> Invitation:
    """Return an invitation of a run for those who could have made it."""
    run, rights = to_invite(session, person, name)
    found = session.scalar(select(Invitation).where(Invitation.id == number, Invitation.run_id == run.id))
    if found is None or found.role not in rights.invites:
        raise NotYoursError(NOT_YOURS)
    return found


def to_member(session: Session, person: Person | None, name: str, member: str) -> Enrolment:
    """Return somebody's enrolment in a run for those who may end it."""
    run, rights = to_invite(session, person, name)
    query = select(Enrolment).join(Enrolment.person)
    found = session.scalar(query.where(Enrolment.run_id == run.id, Person.name == member, Enrolment.left.is_(None)))
    if found is None or found.role not in rights.invites:
        raise NotYoursError(NOT_YOURS)
    return found


def to_every_run(person: Person | None) -> None:
    """Let operators see all runs."""
    if person is None or not person.operator:
        raise NotYoursError(NOT_YOURS)


def to_company(session: Session, person: Person | None, name: str) -> Company:
    """Return a company for those who speak for it, and for operators."""
    company = session.scalar(select(Company).where(Company.name == name))
    if person is None or company is None:
        raise NotYoursError(NOT_YOURS)
    if not person.operator and session.get(Contact, (company.id, person.id)) is None:
        raise NotYoursError(NOT_YOURS)
    return company


def to_own(own: Own | None) -> Own:
    """Return what is a known person's own: themselves, their courses, their settings. Raise NotYoursError for None."""
    if own is None:
        raise NotYoursError(message("Your account is not known here, or it is closed. Ask your instructor."))
    return own
