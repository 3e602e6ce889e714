"""Marks follow the terms: being late costs points, an extension gives them back, the log says whose doing it is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aula.audit import export, stores, verification
from aula.cli import main
from aula.grading.gradebook import Book
from tests.aula.audit import marking
from tests.aula.audit.marking import AT, opened

DUE = AT.replace(tzinfo=UTC) - timedelta(days=1, hours=1)
"""Two days have begun since when `marking` hands in."""


def set_terms(run_dir: Path, due: datetime = DUE, **more: Any) -> None:
    """Write the terms of sums, as the machine does, and apply them."""
    late = {"percent_per_day": 10, "most_percent": 50, "grace_minutes": 0}
    sums = {"title": "Sums", "points": 3, "due": due.isoformat(), "late": late, "by": {"": "ines"}, **more}
    file = run_dir.parent / "given.json"
    file.write_text(json.dumps({"version": 1, "time_zone": "UTC", "assignments": {"sums": sums, "gone": sums}}))
    assert main(["terms", "apply", str(run_dir), "--run", "run", "--terms", str(file)]) == 0


def penalties(run_dir: Path) -> dict[str, tuple[float, timedelta | None]]:
    """Return what nbgrader says of each: what being late costs, and how much longer they have."""
    with opened(run_dir) as gradebook:
        found = gradebook.assignment_submissions("sums")
        return {one.student.id: (one.late_submission_penalty, one.extension) for one in found}


def logged(run_dir: Path, since: int) -> list[tuple[str, str, str, object, object]]:
    """Return what the log says of terms from an entry on: who, whose, what, from, to; it must be whole."""
    found = stores.read(run_dir)
    assert verification.judge(found, []).well
    return [
        (entry.who, step.key.student, step.key.field, step.before, step.after)
        for entry in found.reading.entries[since:]
        for step in entry.steps
    ]


def entries(run_dir: Path) -> int:
    """Return how many entries the log has."""
    return len(stores.read(run_dir).reading.entries)


def test_who_is_late_loses_points(empty_run: Path) -> None:
    """Two days begun are twice ten percent of the points that can be had, in nbgrader's own field and in exports."""
    set_terms(empty_run)
    marking.grade(empty_run, ana=2.0, bruno=0.0)
    assert penalties(empty_run) == {"ana": (pytest.approx(0.6), None), "bruno": (pytest.approx(0.6), None)}
    totals = {one.student: (one.points, one.penalty) for one in export.totals(stores.read(empty_run))}
    assert totals == {"ana": (pytest.approx(1.4), pytest.approx(0.6)), "bruno": (0.0, pytest.approx(0.6))}


def test_an_extension_gives_the_points_back(empty_run: Path) -> None:
    """What is graded already follows, by who gave it; taken back, it is as before; done twice, nothing changes."""
    set_terms(empty_run)
    marking.grade(empty_run, ana=2.0, bruno=2.0)
    before, two_days = entries(empty_run), timedelta(days=2)
    longer = {"extensions": {"ana": (DUE + two_days).isoformat()}, "by": {"": "ines", "ana": "tara"}}
    set_terms(empty_run, **longer)
    assert penalties(empty_run) == {"ana": (0.0, two_days), "bruno": (pytest.approx(0.6), None)}
    until = (DUE + two_days).strftime("%Y-%m-%d %H:%M:%S.%f")
    assert logged(empty_run, before) == [
        ("tara", "ana", "extended_until", None, until),
        ("tara", "ana", "extension", None, "1970-01-03 00:00:00.000000"),
        ("tara", "ana", "late_submission_penalty", pytest.approx(0.6), 0.0),
    ]
    after = entries(empty_run)
    set_terms(empty_run, **longer)
    assert entries(empty_run) == after
    set_terms(empty_run)
    assert penalties(empty_run)["ana"] == (pytest.approx(0.6), None)
    assert {who for who, *_ in logged(empty_run, after)} == {"ines"}


def test_deadlines_are_logged_before_anybody_hands_in(empty_run: Path) -> None:
    """A due date and an extension are in the log with who set them; nobody has a mark by that."""
    set_terms(empty_run)
    before, later = entries(empty_run), DUE + timedelta(days=3)
    set_terms(
        empty_run, later, extensions={"ana": (later + timedelta(days=1)).isoformat()}, by={"": "omar", "ana": "ines"}
    )
    shown = [(who, student, what) for who, student, what, *_ in logged(empty_run, before)]
    assert shown == [("ines", "ana", "extended_until"), ("omar", "", "duedate")]
    assert export.totals(stores.read(empty_run)) == []


def test_without_terms_marks_stay(empty_run: Path) -> None:
    """A run of an earlier version, or with a damaged file, is graded as before."""
    (empty_run / "terms.json").write_text("{")
    marking.grade(empty_run, ana=2.0)
    with Book(empty_run, "run") as book:
        assert book.follow() == []
    assert penalties(empty_run) == {"ana": (0.0, None)}


def test_what_are_no_terms_is_not_kept(empty_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged or missing file is named, and the terms of before stay."""
    set_terms(empty_run)
    kept = (empty_run / "terms.json").read_text()
    (empty_run.parent / "bad.json").write_text("[]")
    for name in ("bad.json", "missing.json"):
        assert main(["terms", "apply", str(empty_run), "--terms", str(empty_run.parent / name)]) == 1
        assert f"{name}: no terms" in capsys.readouterr().err
    assert (empty_run / "terms.json").read_text() == kept
