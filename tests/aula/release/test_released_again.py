"""Releasing again: corrections reach trainees, grades stay, and what is refused changes nothing."""

import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from aula.errors import LeakError, ReleaseError
from aula.kernelspec import Kernel
from aula.release import versions
from aula.release.release import release
from tests.aula.small_course import edit, load, released_text

pytestmark = pytest.mark.usefixtures("settled")


def test_releasing_again_replaces_the_copy_and_keeps_the_gradebook(small: Path, tmp_path: Path) -> None:
    """A mended assignment reaches trainees, files that are gone go, and the gradebook's rows stay."""
    run_dir = tmp_path / "run"
    release(load(small), run_dir)
    before = (run_dir / "gradebook.db").stat().st_ino
    with sqlite3.connect(run_dir / "gradebook.db") as gradebook:
        gradebook.execute("insert into student (id, first_name, last_name, email) values ('ana', '', '', '')")
    gradebook.close()
    edit(small / "assignments/sums/sums.md", "Return the sum.", "Return the sum of numbers.")
    (small / "assignments/sums/numbers.txt").unlink()
    release(load(small), run_dir)
    assert "Return the sum of numbers." in released_text(run_dir)
    assert not (run_dir / "release/sums/numbers.txt").exists()
    assert not (run_dir / "source/sums/numbers.txt").exists()
    assert (run_dir / "gradebook.db").stat().st_ino == before
    with sqlite3.connect(run_dir / "gradebook.db") as gradebook:
        assert gradebook.execute("select id from student").fetchall() == [("ana",)]
    gradebook.close()


CORRECTIONS = {
    "a new name": ("id: total-test", "id: sum-test", "grade_id 'total-test' is gone; grade_id 'sum-test' is new"),
    "other points": ("points: 2", "points: 1.5", "'total-test' was worth 2 points and is worth 1.5 now"),
}


@pytest.mark.parametrize(("old", "new", "said"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_changes_no_grades_silently(small: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    """Other grade ids or points than those released are refused, with what differs, unless they are meant."""
    run_dir, text = tmp_path / "run", small / "assignments/sums/sums.md"
    release(load(small), run_dir)
    before = released_text(run_dir)
    edit(text, old, new)
    if "points" in old:
        edit(text, '"points": 1', '"points": 1.5')
    with pytest.raises(ReleaseError, match=said) as refusal:
        release(load(small), run_dir)
    assert "--regrade" in str(refusal.value)
    assert released_text(run_dir) == before
    release(load(small), run_dir, regrade=True)
    assert released_text(run_dir) != before
    release(load(small), run_dir)


def test_a_malformed_assignment_leaves_the_last_release_alone(small: Path, tmp_path: Path) -> None:
    """A mistake in a text is found before anything is written."""
    run_dir = tmp_path / "run"
    release(load(small), run_dir)
    before = released_text(run_dir)
    edit(small / "assignments/sums/sums.md", "### END SOLUTION", "### END SOLUTIONS")
    with pytest.raises(ReleaseError, match="malformed marker"):
        release(load(small), run_dir)
    assert released_text(run_dir) == before


def stored(run_dir: Path) -> dict[str, object]:
    """Return all that a release has stored: the files, and the gradebook's cells with their texts and points."""
    files = {str(path): path.read_bytes() for path in run_dir.rglob("*") if path.is_file() and path.suffix != ".db"}
    with sqlite3.connect(run_dir / "gradebook.db") as gradebook:
        cells = gradebook.execute("select * from source_cell order by id").fetchall()
        points = gradebook.execute("select * from grade_cells order by id").fetchall()
    gradebook.close()
    return {**files, "cells": cells, "points": points}


def test_a_correction_that_leaks_stores_nothing(small: Path, tmp_path: Path) -> None:
    """A release that is refused at the last check, though its new grades were allowed, has changed nothing at all."""
    run_dir = tmp_path / "run"
    release(load(small), run_dir)
    before = stored(run_dir)
    edit(small / "assignments/sums/sums.md", "id: total-test", "id: sum-test")
    edit(small / "assignments/sums/sums.md", "Return the sum.", "Return it.")
    (small / "assignments/sums/hint.py").write_text("def f(numbers):\n    return sum(numbers, start=0)\n")
    with pytest.raises(LeakError):
        release(load(small), run_dir, regrade=True)
    assert stored(run_dir) == before
    (small / "assignments/sums/hint.py").unlink()
    release(load(small), run_dir, regrade=True)
    assert stored(run_dir) != before


def test_what_was_released_as_it_is_changes_nothing_in_the_log_of_marks(small: Path, tmp_path: Path) -> None:
    """Each make up releases again; points that are changed are told, and the gradebook has them."""
    run_dir, kernel = tmp_path / "run", Kernel("small-demo", "Small course, demo")
    log = run_dir / "audit" / "log.jsonl"
    release(load(small), run_dir, kernel=kernel)
    before = log.read_bytes()
    release(load(small), run_dir, kernel=kernel)
    assert log.read_bytes() == before
    edit(small / "assignments/sums/sums.md", "points: 2", "points: 1.5")
    edit(small / "assignments/sums/sums.md", '"points": 1', '"points": 1.5')
    release(load(small), run_dir, kernel=kernel, regrade=True)
    assert log.read_bytes().startswith(before)
    assert b"max_score" in log.read_bytes().removeprefix(before)


@pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")  # nbgrader's own
def test_cells_stay_once_somebody_handed_in(small: Path, tmp_path: Path) -> None:
    """nbgrader cannot add a cell then: it is said before anything is stored, with the cell's name."""
    run_dir = tmp_path / "run"
    release(load(small), run_dir)
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ana")
        gradebook.add_submission("sums", "ana")
    before = stored(run_dir)
    edit(small / "assignments/sums/sums.md", "id: total-test", "id: sum-test")
    with pytest.raises(ReleaseError, match=r"handed it in.*sum-test, total-test"):
        release(load(small), run_dir, regrade=True)
    assert stored(run_dir) == before


def test_each_release_has_a_version(small: Path, tmp_path: Path) -> None:
    """The first is 1; released again unchanged it stays; a correction has a number, a note and what changed."""
    run_dir, text = tmp_path / "run", small / "assignments/sums/sums.md"
    first = release(load(small), run_dir)["sums"]
    assert (first.number, first.changes) == (1, ())
    assert release(load(small), run_dir)["sums"] == first
    edit(text, "Return the sum.", "Return the sum of all.")
    edit(text, "# Sums", "# Sums of numbers")
    (small / "assignments/sums/numbers.txt").unlink()
    second = release(load(small), run_dir, note=" Which sum\nwas not clear. ")["sums"]
    assert (second.number, second.note) == (2, "Which sum was not clear.")
    assert list(map(str, second.changes)) == ["numbers.txt: gone", "sums.ipynb: changed (cell 1, total)"]
    assert versions.read(run_dir / "versions/sums") == (first, second)
    old, new = (versions.content_of(run_dir / "versions/sums", one)["sums.ipynb"] for one in (first, second))
    assert (b"of all" in old, b"of all" in new) == (False, True)
    assert new == (run_dir / "release/sums/sums.ipynb").read_bytes()


def test_a_note_is_short(small: Path, tmp_path: Path) -> None:
    """A note that no page shows whole is refused before anything is written."""
    with pytest.raises(ReleaseError, match=r"--note has 501 characters"):
        release(load(small), tmp_path / "run", note="x" * 501)
    assert not (tmp_path / "run").exists()


def test_a_broken_history_is_named(small: Path, tmp_path: Path) -> None:
    """A history that is none is an error with the file's name, not a new beginning."""
    release(load(small), tmp_path / "run")
    (tmp_path / "run/versions/sums/versions.json").write_text('{"versions": [{"number": 0}]}')
    with pytest.raises(ReleaseError, match=r"sums/versions\.json: is no history"):
        release(load(small), tmp_path / "run")
