"""What trainees say about their feedback: comments, requests to look at a mark again; and what they are answered."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from aula.locale import message
from aula.people import journal
from aula.people.errors import RefusedError
from aula.people.tables import CourseRun, Kind, Outcome, Person, Request, RunState, now

MOST_OPEN = 20
"""Requests of one person in a run that wait for an answer."""
MOST_A_DAY = 40
"""Requests that one person makes in a run, those that are withdrawn too."""
DAY = timedelta(days=1)

_OPEN = (Request.answered.is_(None), Request.withdrawn.is_(None))
_UNSEEN = (
    select(Request.person_id, CourseRun.name, func.count())
    .join(CourseRun, CourseRun.id == Request.run_id)
    .where(Request.person_id.in_(bindparam("persons", expanding=True)))
    .where(Request.answered.is_not(None), Request.seen.is_(None))
    .group_by(Request.person_id, CourseRun.name)
)


def ask(
    session: Session,
    run: CourseRun,
    person: Person,
    assignment: str,
    number: int,
    *,
    kind: str,
    text: str,
    notebook: str | None = None,
    cell: str | None = None,
    points: float | None = None,
) -> Request:
    """Note what a person says about the feedback on a hand-in of theirs. Raise RefusedError where it is too much."""
    if run.state != RunState.OPEN:
        raise RefusedError(message("The course run {run} is archived. Nothing can be asked there.", run=run.name))
    mine = (Request.run_id == run.id, Request.person_id == person.id)
    if _count(session, *mine, *_OPEN) >= MOST_OPEN:
        raise RefusedError(
            message("{count} of your requests wait for an answer. Wait, or withdraw some.", count=MOST_OPEN)
        )
    if _count(session, *mine, Request.at > now() - DAY) >= MOST_A_DAY:
        raise RefusedError(message("That are {count} requests within a day. Try again tomorrow.", count=MOST_A_DAY))
    made = Request(
        run=run,
        person=person,
        assignment=assignment,
        number=number,
        kind=kind,
        text=text,
        notebook=notebook,
        cell=cell,
        points=points,
    )
    session.add(made)
    session.flush()
    journal.note(session, f"{kind} {made.id} of {person.name} on {assignment}, hand-in {number}", run.name)
    return made


def answer(session: Session, request: Request, person: Person, text: str, outcome: str | None = None) -> Request:
    """Answer a request that is open; one for a mark has an outcome, a comment none. Raise RefusedError otherwise."""
    _need_open(request)
    if (request.kind == Kind.REGRADE) != (outcome is not None):
        raise RefusedError(message("Say of a regrade request, and only of one, whether the mark changes."))
    request.answer, request.outcome, request.answerer, request.answered = text, outcome, person, now()
    said = {Outcome.CHANGED: ", mark changed", Outcome.STAYS: ", mark stays"}.get(Outcome(outcome)) if outcome else ""
    journal.note(session, f"{request.kind} {request.id} of {request.person.name} answered{said}", request.run.name)
    return request


def withdraw(session: Session, request: Request) -> Request:
    """Take a request back that is open. Raise RefusedError for one that has an answer; done twice, it stays so."""
    if request.withdrawn is None:
        _need_open(request)
        request.withdrawn = now()
        journal.note(session, f"{request.kind} {request.id} of {request.person.name} withdrawn", request.run.name)
    return request


def look(session: Session, run: CourseRun, person: Person) -> None:
    """Note that a person has looked at the answers that they have in a run."""
    for one in of_person(session, run, person):
        if one.answered is not None and one.seen is None:
            one.seen = now()


def of_person(session: Session, run: CourseRun, person: Person) -> list[Request]:
    """Return what a person has asked in a run, the latest first."""
    query = _whole().where(Request.run_id == run.id, Request.person_id == person.id)
    return list(session.scalars(query.order_by(Request.id.desc())))


def of_run(session: Session, run: CourseRun) -> list[Request]:
    """Return what was asked in a run and not withdrawn: what is open first, the oldest first of that; then the rest."""
    found = session.scalars(_whole().where(Request.run_id == run.id, Request.withdrawn.is_(None)))
    return sorted(found, key=lambda one: (one.answered is not None, -one.id if one.answered else one.id))


def open_in(session: Session, run: CourseRun) -> int:
    """Return how many requests in a run wait for an answer."""
    return _count(session, Request.run_id == run.id, *_OPEN)


def unseen(session: Session, persons: Iterable[Person]) -> dict[int, dict[str, int]]:
    """Return by the person's id how many answers each has not looked at yet, by the run's name."""
    found: dict[int, dict[str, int]] = {person.id: {} for person in persons}
    for person, run, count in session.execute(_UNSEEN, {"persons": list(found)}):
        found[person][run] = count
    return found


def _whole() -> Select[tuple[Request]]:
    return select(Request).options(joinedload(Request.person), joinedload(Request.answerer), joinedload(Request.run))


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(Request).where(*conditions)) or 0)


def _need_open(request: Request) -> None:
    if request.withdrawn is not None:
        raise RefusedError(message("This request was withdrawn."))
    if request.answered is not None:
        raise RefusedError(message("This request has an answer already."))
