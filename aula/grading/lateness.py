"""What the terms of a run are in nbgrader's gradebook: due dates, extensions, and what being late costs.

Done twice, nothing changes. The audit log has each change as the doing of who changed the terms.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from nbgrader.api import Assignment, SubmittedAssignment
from sqlalchemy import DateTime, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from aula.audit.aula_audit.actor import ACTOR
from aula.submissions.terms import Terms


class Own(DeclarativeBase):
    """The base of what we keep in the gradebook beside nbgrader's tables."""


class Extended(Own):
    """Until when a student has longer than all, also of what they have not handed in yet. Times are in UTC."""

    __tablename__ = "aula_extension"
    id: Mapped[str] = mapped_column(String(300), primary_key=True)
    student: Mapped[str] = mapped_column(String(128))
    assignment: Mapped[str] = mapped_column(String(128))
    extended_until: Mapped[datetime] = mapped_column(DateTime)


def follow(session: Session, assignment: Assignment, own: Terms) -> None:
    """Make the gradebook what the terms say of an assignment, each change in a transaction of whose doing it is."""
    kept = {one.student: one for one in session.scalars(select(Extended).filter_by(assignment=assignment.name))}
    wanted = {student: _naive(own.due_for(student)) for student in own.extensions if own.extended(student)}
    for student in sorted(kept.keys() | wanted.keys()):
        with _acting(own.by.get(student) or own.by.get("", "")):
            _extend(session, assignment.name, student, kept.get(student), wanted.get(student))
            charge(_submissions(session, assignment, student), own)
            session.commit()
    with _acting(own.by.get("", "")):
        if assignment.duedate != _naive(own.due):
            assignment.duedate = _naive(own.due)
        charge(_submissions(session, assignment), own)
        session.commit()


def charge(submissions: Iterable[SubmittedAssignment], own: Terms) -> None:
    """Set what each submission has of an extension, and what it loses for being late."""
    for one in submissions:
        student = one.student_id
        one.extension = own.due_for(student) - own.due if own.extended(student) else None
        for notebook in one.notebooks:
            at = one.timestamp and one.timestamp.replace(tzinfo=UTC)
            lost = own.penalty(notebook.notebook.max_score, student, at) if at else 0.0
            if lost != (notebook.late_submission_penalty or 0.0):
                notebook.late_submission_penalty = lost


def _extend(session: Session, assignment: str, student: str, kept: Extended | None, until: datetime | None) -> None:
    if kept is not None and until is None:
        session.delete(kept)
    elif kept is None and until is not None:
        name = f"{assignment}/{student}"
        session.add(Extended(id=name, student=student, assignment=assignment, extended_until=until))
    elif kept is not None and until is not None and kept.extended_until != until:
        kept.extended_until = until


def _submissions(session: Session, assignment: Assignment, student: str = "") -> list[SubmittedAssignment]:
    wanted = select(SubmittedAssignment).filter_by(assignment_id=assignment.id)
    return list(session.scalars(wanted.filter_by(student_id=student) if student else wanted))


def _naive(moment: datetime) -> datetime:
    """Return a time as nbgrader keeps it: in UTC, without its zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


@contextmanager
def _acting(name: str) -> Iterator[None]:
    """Let the audit log name who changed the terms, where that is known."""
    before = os.environ.get(ACTOR)
    if name:
        os.environ[ACTOR] = name
    try:
        yield
    finally:
        os.environ.pop(ACTOR, None)
        if before is not None:
            os.environ[ACTOR] = before
