"""What trainees have handed in, as the collection left it in a course run."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from nbgrader.utils import parse_utc

from aula.grading.errors import GradingError, SubmissionError
from aula.grading.template import Template
from aula.submissions.limits import MOST_BYTES, MOST_FILES

STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Submission:
    """What one trainee handed in of an assignment."""

    student: str
    assignment: str
    folder: Path
    at: datetime | None
    """When it was handed in, in UTC without saying so, as nbgrader keeps it."""

    @property
    def notebook(self) -> Path:
        """The notebook in it."""
        return self.folder / f"{self.assignment}.ipynb"

    def digest(self, template: Template, engine: str) -> str:
        """Return the hash of all that its marks depend on: what was handed in and released, and what grades it."""
        digest = sha256(f"{self.student} {self.assignment} {template.digest} {engine}".encode())
        try:
            found = files(self.folder)
        except SubmissionError as error:
            found = []
            digest.update(str(error).encode())
        for path in found:
            digest.update(f"\0{path.relative_to(self.folder)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()


def files(folder: Path) -> list[Path]:
    """Return the real files in a folder, in their order: no links, pipes or devices, and nothing behind a link.

    Raises SubmissionError where they are too many, or too big.
    """
    found, size = [], 0
    for where, _, names in os.walk(folder):
        for path in (Path(where, name) for name in names):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                found.append(path)
                size += status.st_size
            if len(found) > MOST_FILES or size > MOST_BYTES:
                most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
                raise SubmissionError(f"what was handed in has over {most}: hand in less")
    return sorted(found)


def submissions(run_dir: Path, assignment: str) -> list[Submission]:
    """Return what was handed in of an assignment, by student."""
    folders = sorted((run_dir / "submitted").glob(f"*/{assignment}"))
    return [Submission(one.parent.name, assignment, one, _stamp(one)) for one in folders if not one.is_symlink()]


def chosen(run_dir: Path, assignment: str, students: Sequence[str]) -> list[Submission]:
    """Return what some students handed in of an assignment, or all where none is named.

    Raises GradingError where one of them handed nothing in.
    """
    found = submissions(run_dir, assignment)
    if missing := sorted(set(students) - {one.student for one in found}):
        raise GradingError(f"'{assignment}' was not handed in by {', '.join(missing)}: collect it first")
    return [one for one in found if not students or one.student in students]


def _stamp(folder: Path) -> datetime | None:
    """Return when the collection says that it was handed in; None where it does not."""
    path = folder / STAMP
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        at: datetime = parse_utc(path.read_text(encoding="utf-8")[:100].strip())
    except (OSError, ValueError, OverflowError):
        return None
    return at
