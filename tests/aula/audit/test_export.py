"""Grades for other systems are what nbgrader counts, and are safe to open."""

import csv
import json
from pathlib import Path

from nbgrader.api import SubmittedNotebook

from aula.audit import export, stores
from tests.aula.audit.marking import TASK, by_hand, grade, opened


def marked(run_dir: Path) -> dict[str, float]:
    """Let one be late, and one be marked to the end; return nbgrader's own scores, less what being late costs."""
    by_hand(run_dir, "ana", manual_score=1.0, extra_credit=0.25, needs_manual_grade=False)
    grade(run_dir, dora=0.0)
    with opened(run_dir) as gradebook:
        late = gradebook.find_submission_notebook(TASK, TASK, "bruno")
        late.late_submission_penalty = 0.5
        gradebook.find_submission_notebook(TASK, TASK, "dora").late_submission_penalty = 7.0
        gradebook.update_or_create_student("ana", first_name="=HYPERLINK()", last_name="Sá", lms_user_id="lms-7")
        gradebook.db.commit()
        parts = gradebook.db.query(SubmittedNotebook).all()
        return {one.student.id: max(0.0, one.score - (one.late_submission_penalty or 0.0)) for one in parts}


def test_the_table_has_nbgraders_points(run_dir: Path) -> None:
    """Points, most points, what being late costs, whether all is marked; a name is never a formula."""
    expected = marked(run_dir)
    rows = list(csv.DictReader(export.as_csv(stores.read(run_dir)).splitlines()))
    assert {row["student"]: float(row["points"]) for row in rows} == expected
    assert [row["complete"] for row in rows] == ["yes", "no", "no", "no"]
    ana, bruno = rows[:2]
    assert (ana["first_name"], ana["last_name"], ana["maximum"]) == ("'=HYPERLINK()", "Sá", "3")
    assert (bruno["late_penalty"], bruno["handed_in_utc"]) == ("0.5", "2026-11-09 22:59:00")


def test_scores_are_as_lti_sends_them(run_dir: Path) -> None:
    """Each line item has its Score objects, with the learning system's own id of a person where that is known."""
    expected = marked(run_dir)
    said = json.loads(export.as_lti(stores.read(run_dir), "run"))
    (item,) = said["lineItems"]
    assert (item["label"], item["resourceId"], item["scoreMaximum"]) == (TASK, "run/sums", 3.0)
    scores = {one["userId"]: one for one in item["scores"]}
    assert {name: one["scoreGiven"] for name, one in scores.items()} == {
        "lms-7" if name == "ana" else name: points for name, points in expected.items()
    }
    assert (scores["lms-7"]["activityProgress"], scores["lms-7"]["gradingProgress"]) == ("Completed", "FullyGraded")
    assert (scores["cem"]["activityProgress"], scores["cem"]["gradingProgress"]) == ("Submitted", "PendingManual")
    newest = stores.read(run_dir).reading.entries
    assert scores["lms-7"]["timestamp"] in {one.at for one in newest}
