"""Scores are read from a gradebook cell by cell, and a single other one is noticed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.bench.alike import same
from tests.bench.scores import scores

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own use of its database
PLACE = ("ana", "sums", "part", "total-test")


@pytest.fixture
def gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gradebook]:
    """The gradebook of a course folder in which one test of one submission was graded."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")  # a new gradebook calls alembic
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment("sums")
        book.add_notebook("part", "sums")
        book.add_grade_cell("total-test", "part", "sums", max_score=2, cell_type="code")
        book.add_student("ana")
        book.add_submission("sums", "ana")
        _set(book, 1.5)
        yield book


def _set(book: Gradebook, score: float) -> None:
    grade = book.find_grade("total-test", "part", "sums", "ana")
    grade.auto_score, grade.needs_manual_grade = score, False
    book.db.commit()


@pytest.mark.usefixtures("gradebook")
def test_each_cells_score_is_read(tmp_path: Path) -> None:
    """A score is found under its student, assignment, notebook and cell."""
    assert scores(tmp_path) == {PLACE: (1.5, False)}


def test_another_score_is_not_the_same(gradebook: Gradebook, tmp_path: Path) -> None:
    """Two gradings are the same only where each cell is; gradings of nobody prove nothing."""
    first = scores(tmp_path)
    assert same([first, scores(tmp_path)])
    _set(gradebook, 1.0)
    assert not same([first, scores(tmp_path)])
    assert not same([first, {}])
    assert not same([{}, {}])
