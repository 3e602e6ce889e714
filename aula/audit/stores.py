"""Log and gradebook of a course run, read together."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aula import gradebook_file
from aula.audit.aula_audit import head, log, values
from aula.audit.aula_audit.values import Execute, Key, Value
from aula.audit.reading import Reading
from aula.audit.reading import read as read_log
from aula.errors import AuditError


@dataclass(frozen=True)
class Stores:
    """What both held at the same moment."""

    reading: Reading
    values: dict[Key, Value]
    """What the gradebook holds."""
    people: dict[str, tuple[str, str, str]]
    """First name, last name and the learning system's id of each student."""
    waiting: frozenset[tuple[str, str]]
    """Student and assignment of what a person has still to mark."""


def read(run_dir: Path) -> Stores:
    """Read them, and change neither. Raises AuditError where there is no gradebook, or it cannot be read."""
    gradebook = gradebook_file.path(run_dir.resolve())
    if not gradebook.is_file():
        raise AuditError(
            f"{run_dir} has no {gradebook.name}: name the folder of a course run, where assignments were released"
        )
    try:
        # Not read-only: what a killed writer left must be undone first, by SQLite itself.
        with closing(sqlite3.connect(f"{gradebook.as_uri()}?mode=rw", uri=True, timeout=30)) as connection:
            connection.execute("BEGIN")  # all of it from one moment
            return _read(connection.execute, log.beside(gradebook))
    except sqlite3.Error as error:
        raise AuditError(f"{gradebook} cannot be read: {error}") from error
    except OSError as error:
        raise AuditError(f"the audit log cannot be read: {error}") from error


def _read(execute: Execute, path: Path) -> Stores:
    known = head.read(execute)
    kept = path.read_bytes() if path.exists() else b""
    people = execute("SELECT id, first_name, last_name, lms_user_id FROM student", ())
    waiting = execute(
        "SELECT DISTINCT sa.student_id, a.name FROM grade g JOIN submitted_notebook sn ON sn.id = g.notebook_id "
        "JOIN submitted_assignment sa ON sa.id = sn.assignment_id JOIN assignment a ON a.id = sa.assignment_id "
        "WHERE g.needs_manual_grade",
        (),
    )
    return Stores(
        read_log(kept, known),
        values.read(execute),
        {str(one): (first or "", last or "", lms or "") for one, first, last, lms in people},
        frozenset((str(student), assignment) for student, assignment in waiting),
    )
