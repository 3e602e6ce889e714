"""What was graded stands in nbgrader's gradebook: all of a batch or nothing, each submission once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from aula.grading.errors import GradingError
from aula.grading.gradebook import NO_RESPONSE, Book
from aula.grading.handed_in import Submission
from aula.grading.mark import Graded, Mark

AT = datetime(2026, 11, 9, 22, 59)


def graded(student: str, points: float | None, digest: str = "a") -> tuple[Submission, Graded]:
    """Return what came of a submission: points for its test, none yet for its text."""
    marks = {"total-test": Mark(points), "why": Mark(None)}
    submission = Submission(student, "sums", Path("/nowhere"), AT)
    unanswered = frozenset(() if points else {"why"})
    return submission, Graded(student, "sums", digest, NotebookNode(), marks, unanswered)


def scores(run_dir: Path) -> dict[str, tuple[float, float, bool, str | None]]:
    """Return what nbgrader itself reads, by student: points, most points, whether to look at it, the text's comment."""
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", run_dir.name) as gradebook:
        found = {}
        for one in gradebook.assignment_submissions("sums"):
            comment = gradebook.find_comment("why", "sums", "sums", one.student.id).auto_comment
            found[one.student.id] = (one.score, one.max_score, one.needs_manual_grade, comment)
        return found


def test_nbgrader_reads_the_marks(run_dir: Path) -> None:
    """Points, what is to be looked at by a person, that there is no answer, and when it was handed in."""
    with Book(run_dir, "run") as book:
        book.record("sums", [graded("ana", 2.0), graded("bruno", 0.0)])
    assert scores(run_dir) == {"ana": (2.0, 3.0, True, None), "bruno": (0.0, 3.0, True, NO_RESPONSE)}
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", "run") as gradebook:
        assert gradebook.find_submission("sums", "ana").timestamp == AT


def test_graded_again_the_new_marks_stand(run_dir: Path) -> None:
    """One submission a trainee, with the last marks; which ones is known by their digest."""
    with Book(run_dir, "run") as book:
        book.record("sums", [graded("ana", 0.0, "a")])
        book.record("sums", [graded("ana", 2.0, "b")])
        assert book.known("sums") == {"ana": "b"}
    assert scores(run_dir)["ana"][0] == 2.0


def test_a_persons_points_stay(run_dir: Path) -> None:
    """What an instructor gave is not overwritten, but is to be looked at again."""
    with Book(run_dir, "run") as book:
        book.record("sums", [graded("ana", 0.0, "a")])
        with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", "run") as gradebook:
            gradebook.find_grade("total-test", "sums", "sums", "ana").manual_score = 1.5
            gradebook.db.commit()
        book.record("sums", [graded("ana", 2.0, "b")])
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}", "run") as gradebook:
        grade = gradebook.find_grade("total-test", "sums", "sums", "ana")
        assert (grade.manual_score, grade.auto_score, grade.needs_manual_grade) == (1.5, 2.0, True)


def test_a_batch_is_written_whole_or_not_at_all(run_dir: Path) -> None:
    """Where one cannot be written, none is; an assignment that nbgrader does not know is named."""

    def cut_off() -> Iterator[tuple[Submission, Graded]]:
        yield graded("ana", 2.0)
        raise ZeroDivisionError

    with Book(run_dir, "run") as book:
        with pytest.raises(ZeroDivisionError):
            book.record("sums", cut_off())
        with pytest.raises(GradingError, match="knows no assignment 'other'"):
            book.record("other", [graded("ana", 2.0)])
        assert book.known("sums") == {}
    assert scores(run_dir) == {}
