"""The one that writes what was graded into nbgrader's gradebook: a batch in one transaction, each submission once."""

from collections.abc import Iterable, Mapping, Set
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Column, DateTime, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import Session, selectinload

from aula import gradebook_file
from aula.audit.watched import watch
from aula.grading.errors import GradingError
from aula.grading.handed_in import Submission
from aula.grading.lateness import Own, charge, follow
from aula.grading.mark import Graded, Mark
from aula.submissions import terms

NO_RESPONSE = "No response."
DONE = Table(
    "aula_graded",
    MetaData(),
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
)
"""Which submission, by the digest of all that its marks depend on, the gradebook holds the marks of."""


class Book:
    """The gradebook of a course run. Close it, or use it in a `with`."""

    def __init__(self, run_dir: Path, run: str) -> None:
        watch(run_dir)
        self._book: Gradebook = Gradebook(gradebook_file.address(run_dir), run)
        DONE.create(self._book.engine, checkfirst=True)
        Own.metadata.create_all(self._book.engine)
        found = terms.kept(run_dir)
        self._terms = found.assignments if found else {}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def known(self, assignment: str) -> dict[str, str]:
        """Return the digest of what was graded last, by student."""
        with self._book.engine.connect() as connection:
            rows = connection.execute(select(DONE.c.student, DONE.c.digest).where(DONE.c.assignment == assignment))
            return {student: digest for student, digest in rows}

    def record(self, name: str, graded: Iterable[tuple[Submission, Graded]]) -> None:
        """Write the marks of an assignment, all or none, and log what changes (aula/audit/aula_audit says how).

        What being late costs is taken off by the terms of today.
        Raises GradingError where the gradebook does not know it, or the log cannot be written.
        """
        session: Session = self._book.db()
        try:
            assignment = self._book.find_assignment(name)
            cells = select(BaseCell.id, BaseCell.name).join(Notebook).where(Notebook.assignment_id == assignment.id)
            names = {cell: cell_name for cell, cell_name in session.execute(cells)}
            with session.no_autoflush:
                by_student = {one.student: (submission, one) for submission, one in graded}
                submitted = _record(session, assignment, names, by_student)
                if own := self._terms.get(name):
                    charge(submitted, own)
            session.commit()
        except MissingEntry as error:
            raise GradingError(f"the gradebook knows no assignment '{name}': release it first") from error
        except OSError as error:
            raise GradingError(f"nothing was recorded, for the audit log cannot be written: {error}") from error
        finally:
            session.rollback()

    def follow(self) -> list[str]:
        """Bring the terms of today into all that is there, and return the names of the assignments. Done twice, the
        second changes nothing. Raises GradingError where the log cannot be written.
        """
        session: Session = self._book.db()
        try:
            found = session.scalars(select(Assignment).order_by(Assignment.name))
            known = [one for one in found if one.name in self._terms]
            for one in known:
                follow(session, one, self._terms[one.name])
            return [one.name for one in known]
        except OSError as error:
            raise GradingError(f"the terms are not applied, for the audit log cannot be written: {error}") from error
        finally:
            session.rollback()


def _record(
    session: Session,
    assignment: Assignment,
    names: Mapping[str, str],
    graded: Mapping[str, tuple[Submission, Graded]],
) -> list[SubmittedAssignment]:
    """Write the marks of each student, and return the submissions; `names` are the cells' in the gradebook."""
    of_them = {"assignment_id": assignment.id}
    parts = selectinload(SubmittedAssignment.notebooks)
    more = (parts.selectinload(SubmittedNotebook.grades), parts.selectinload(SubmittedNotebook.comments))
    wanted = select(SubmittedAssignment).filter_by(**of_them).where(SubmittedAssignment.student_id.in_(graded))
    known = {one.student_id: one for one in session.scalars(wanted.options(*more))}
    _enrol(session, graded.keys() - known.keys())
    for student, (submission, one) in graded.items():
        if student not in known:
            known[student] = _submitted(session, assignment, student)
        submitted = known[student]
        submitted.timestamp = submission.at
        for notebook in submitted.notebooks:
            for grade in notebook.grades:
                _mark(grade, one.marks.get(names[grade.cell_id]))
            for comment in notebook.comments:
                comment.auto_comment = NO_RESPONSE if names[comment.cell_id] in one.unanswered else None
    session.execute(delete(DONE).filter_by(assignment=assignment.name).where(DONE.c.student.in_(graded)))
    at = {"assignment": assignment.name, "at": datetime.now(UTC).replace(tzinfo=None)}
    rows = [{"student": student, "digest": one.digest, **at} for student, (_, one) in graded.items()]
    if rows:
        session.execute(insert(DONE), rows)
    return list(known.values())


def _enrol(session: Session, students: Set[str]) -> None:
    """Let the gradebook know those students that it does not know."""
    known = session.scalars(select(Student.id).where(Student.id.in_(students)))
    session.add_all(Student(id=student) for student in sorted(students - set(known)))


def _mark(grade: Grade, mark: Mark | None) -> None:
    """Set a cell's points. A person's own stay, and are to be looked at again."""
    grade.auto_score = mark.points if mark else 0.0
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _submitted(session: Session, assignment: Assignment, student: str) -> SubmittedAssignment:
    """Return a new submission, with a grade and a comment for each cell that has one, as nbgrader makes it."""
    submitted = SubmittedAssignment(assignment=assignment, student_id=student)
    for notebook in submitted.assignment.notebooks:
        mine = SubmittedNotebook(notebook=notebook, assignment=submitted)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell_id=cell.id, notebook=mine)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            Comment(cell_id=cell.id, notebook=mine)
    session.add(submitted)
    return submitted
