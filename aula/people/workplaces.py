"""What somebody works with when their server starts: a Unix account, and the course runs that they are in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import accounts
from aula.people.errors import RefusedError
from aula.people.tables import CourseRun, Enrolment, Person, RunState

NO_RUN = message("You are in no course at the moment. Join one with the code that you were given.")
NO_ACCOUNT = message("You have no account on the cluster yet. Tell your instructor: an operator has to give you one.")


@dataclass(frozen=True)
class Workplace:
    """A Unix account, and the names of course runs in alphabetical order."""

    account: str
    runs: tuple[str, ...]


def of(session: Session, name: str) -> Workplace:
    """Return the workplace of the person of this name, whatever their role in their runs is.

    Raises RefusedError, in words for them, where they are in no open run, or have no account.
    """
    person = session.scalar(select(Person).where(Person.name == name, Person.closed.is_(None)))
    runs = _open_runs(session, person) if person else ()
    if person is None or not runs:
        raise RefusedError(NO_RUN)
    account = accounts.account_of(session, person)
    if account is None:
        raise RefusedError(NO_ACCOUNT)
    return Workplace(account, runs)


def _open_runs(session: Session, person: Person) -> tuple[str, ...]:
    query = (
        select(CourseRun.name)
        .join(CourseRun.enrolments)
        .where(Enrolment.person == person, Enrolment.left.is_(None), CourseRun.state == RunState.OPEN.value)
    )
    return tuple(session.scalars(query.order_by(CourseRun.name)))
