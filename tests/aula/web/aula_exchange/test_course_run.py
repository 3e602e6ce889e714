"""What the course run's account does on the file system: release, collect, list, release feedback."""

import json
import logging
import os
import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError

from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do, notebook

UPDATE = {"ExchangeCollect": {"update": True}}


def collected(lesson: Lesson, who: str) -> str:
    """Return the notebook that is collected of somebody; nothing where none is."""
    path = lesson.course / "submitted" / who / TASK / f"{TASK}.ipynb"
    return path.read_text() if path.exists() else ""


def test_the_newest_is_collected_with_the_services_time_and_nothing_of_the_receipt(lesson: Lesson) -> None:
    """What is graded are the trainee's files and the time; a file of theirs that has its name does not count."""
    lesson.hand_in("ana", "first")
    receipt = lesson.hand_in("ana", "second")
    do("Collect", lesson.instructor())
    folder = lesson.course / "submitted" / "ana" / TASK
    assert {path.name for path in folder.iterdir()} == {f"{TASK}.ipynb", "numbers.txt", "timestamp.txt"}
    assert "second" in collected(lesson, "ana")
    moment = datetime.fromisoformat(receipt["at"]).replace(tzinfo=None)
    assert (folder / "timestamp.txt").read_text() == f"{moment} UTC"
    assert [path.name for path in folder.parent.iterdir()] == [TASK]


def test_what_is_collected_stays_unless_an_update_is_asked_for(lesson: Lesson) -> None:
    """As nbgrader has it: --update takes what is newer, and only that; a time that cannot be read is old."""
    lesson.hand_in("ana", "first")
    do("Collect", lesson.instructor())
    lesson.hand_in("ana", "second")
    do("Collect", lesson.instructor())
    assert "first" in collected(lesson, "ana")
    do("Collect", lesson.instructor(**UPDATE))
    assert "second" in collected(lesson, "ana")
    notebook(lesson.course / "submitted" / "ana" / TASK, "mended by hand")
    do("Collect", lesson.instructor(**UPDATE))
    assert "mended" in collected(lesson, "ana")
    (lesson.course / "submitted" / "ana" / TASK / "timestamp.txt").write_text("nonsense")
    do("Collect", lesson.instructor(**UPDATE))
    assert "second" in collected(lesson, "ana")


def test_before_the_due_date_counts_where_that_is_asked_for(lesson: Lesson) -> None:
    """The newest before it; where all are late, the newest."""
    early = lesson.hand_in("ana", "in time")
    lesson.hand_in("ana", "late")
    lesson.hand_in("bora", "late")
    due = datetime.fromisoformat(early["at"]).replace(tzinfo=None)
    config = lesson.instructor(ExchangeCollect={"before_duedate": True})
    with Gradebook(f"sqlite:///{lesson.course}/gradebook.db", RUN) as book:
        book.add_assignment(TASK, duedate=due)
    do("Collect", config)
    assert "in time" in collected(lesson, "ana")
    assert "late" in collected(lesson, "bora")
    do("Collect", lesson.instructor(**UPDATE))
    assert "late" in collected(lesson, "ana")
    do("Collect", config)
    assert "in time" in collected(lesson, "ana")


@pytest.mark.parametrize("damage", ["receipt", "nonsense", "outside", "file", "gone", "extra"])
def test_a_damaged_hand_in_never_keeps_the_others_away(
    lesson: Lesson, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is named when the others are collected; an older one is not taken in its place."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    place = lesson.handed_in / "ana" / TASK / "0001"
    receipt = place / "receipt.json"
    if damage == "receipt":
        receipt.unlink()
    elif damage == "nonsense":
        receipt.write_text('{"at": 3}')
    elif damage == "outside":
        told = json.loads(receipt.read_text())
        (place / "other.txt").write_text("42")
        receipt.write_text(json.dumps({**told, "files": {"../other.txt": sha256(b"42").hexdigest()}}))
    elif damage == "file":
        (place / "files" / f"{TASK}.ipynb").write_text("another")
    elif damage == "gone":
        (place / "files" / "numbers.txt").unlink()
    else:
        (place / "files" / "solution.txt").write_text("42")
    if damage == "extra":
        do("Collect", lesson.instructor())
        assert not (lesson.course / "submitted" / "ana" / TASK / "solution.txt").exists()
        return
    with pytest.raises(ExchangeError, match=r"1 of 2.*: ana: "):
        do("Collect", lesson.instructor())
    assert not collected(lesson, "ana")
    assert collected(lesson, "bora")
    assert not (lesson.course / "submitted" / "ana" / TASK).exists()
    assert f"ana {TASK} is not collected" in caplog.text


def test_one_student_or_all_but_some(lesson: Lesson) -> None:
    """nbgrader's --student, and its list of those that are left out."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    do("Collect", lesson.instructor(CourseDirectory={"student_id_exclude": "ana"}))
    assert (collected(lesson, "ana"), bool(collected(lesson, "bora"))) == ("", True)
    do("Collect", lesson.instructor(CourseDirectory={"student_id": "ana"}))
    assert collected(lesson, "ana")


def test_feedback_goes_to_the_hand_in_that_was_graded(lesson: Lesson) -> None:
    """Not to one that came meanwhile; over a result at once; the group may read it, and nobody else."""
    lesson.hand_in("ana", "first")
    do("Collect", lesson.instructor())
    lesson.hand_in("ana", "second")
    target = lesson.given / "feedback" / "ana" / TASK / "0001"
    target.mkdir(parents=True)
    (target / f"{TASK}.html").write_text("at once")
    lesson.give_feedback("ana", "well done")
    assert [path.relative_to(lesson.given / "feedback") for path in (lesson.given / "feedback").rglob("*.html")] == [
        Path("ana", TASK, "0001", f"{TASK}.html")
    ]
    assert (target / f"{TASK}.html").read_text() == "well done"
    assert (target / f"{TASK}.html").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.iterdir()] == [f"{TASK}.html"]


def test_pages_that_are_no_feedback_stay_with_the_course_run(lesson: Lesson) -> None:
    """What the grading notes for the instructor, and what a trainee handed in beside the notebook."""
    lesson.hand_in("ana")
    do("Collect", lesson.instructor())
    lesson.leave_feedback("ana", "well done")
    for name in ("repaired", "mine"):
        (lesson.course / "feedback" / "ana" / TASK / f"{name}.html").write_text("not for ana")
    do("ReleaseFeedback", lesson.instructor())
    assert [page.name for page in (lesson.given / "feedback").rglob("*.html")] == [f"{TASK}.html"]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own use of its database
def test_the_points_go_with_the_feedback(lesson: Lesson) -> None:
    """As the gradebook has them for that hand-in, the penalty apart; none for one that was not graded."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    do("Collect", lesson.instructor())
    stamp = lesson.course / "submitted" / "ana" / TASK / "timestamp.txt"
    with Gradebook(f"sqlite:///{lesson.course}/gradebook.db", RUN) as gradebook:
        gradebook.add_assignment(TASK)
        gradebook.add_notebook(TASK, TASK)
        gradebook.add_grade_cell("one", TASK, TASK, max_score=5, cell_type="code")
        for who, at in (("ana", stamp.read_text()), ("bora", "2026-01-01 00:00:00 UTC")):
            gradebook.add_student(who)
            gradebook.add_submission(TASK, who, timestamp=at)
            gradebook.find_submission_notebook(TASK, TASK, who).late_submission_penalty = 0.5
            gradebook.find_grade("one", TASK, TASK, who).manual_score = 3
        gradebook.db.commit()
    for who in ("ana", "bora"):
        lesson.leave_feedback(who, "well done")
    do("ReleaseFeedback", lesson.instructor())
    places = {who: lesson.given / "feedback" / who / TASK / "0001" for who in ("ana", "bora")}
    points = places["ana"] / "points.json"
    assert json.loads(points.read_text()) == {"score": 3.0, "max_score": 5.0, "late_penalty": 0.5}
    assert points.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in places["bora"].iterdir()] == [f"{TASK}.html"]


def test_feedback_on_what_nobody_handed_in_is_named_and_the_others_get_theirs(lesson: Lesson) -> None:
    """A folder of another time, and one without any."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    do("Collect", lesson.instructor())
    (lesson.course / "submitted" / "ana" / TASK / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    with pytest.raises(ExchangeError, match=r"not released for 1.*ana: nothing was handed in at 2026-01-01"):
        lesson.give_feedback("ana", "well done")
    with pytest.raises(ExchangeError, match="for the others it was"):
        lesson.give_feedback("bora", "well done")
    (page,) = (lesson.given / "feedback").rglob("*.html")
    assert page.parts[-4] == "bora"
    (lesson.course / "feedback" / "ana" / TASK / "timestamp.txt").unlink()
    with pytest.raises(ExchangeError, match="grade it again"):
        do("ReleaseFeedback", lesson.instructor(CourseDirectory={"student_id": "ana"}))


def test_a_release_is_whole_and_replaced_only_by_force(lesson: Lesson) -> None:
    """The group may read it, and nobody else; nothing else is left; what is gone from the source is gone."""
    with pytest.raises(ExchangeError, match="add --force"):
        do("ReleaseAssignment", lesson.instructor())
    (lesson.course / "release" / TASK / "numbers.txt").rename(lesson.course / "release" / TASK / "figures.txt")
    lesson.release()
    folder = lesson.given / "outbound" / TASK
    assert {path.name for path in folder.iterdir()} == {f"{TASK}.ipynb", "figures.txt"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}
    assert folder.stat().st_mode & 0o777 == 0o750
    assert [path.name for path in lesson.given.iterdir()] == ["outbound"]
    shutil.rmtree(lesson.course / "release" / TASK)
    with pytest.raises(ExchangeError, match="Assignment not found"):
        lesson.release()


def test_what_is_released_has_the_group_of_the_folder_above(lesson: Lesson) -> None:
    """The service's: new folders have it from the run's, and so have the files in them."""
    os.chown(lesson.given, -1, 12345)
    lesson.given.chmod(0o2750)
    shutil.rmtree(lesson.given / "outbound")
    lesson.release()
    lesson.hand_in("ana")
    do("Collect", lesson.instructor())
    lesson.give_feedback("ana", "well done")
    assert {path.stat().st_gid for path in lesson.given.rglob("*")} == {12345}


def test_the_account_lists_what_is_released_and_what_was_handed_in(
    lesson: Lesson, caplog: pytest.LogCaptureFixture
) -> None:
    """In nbgrader's shape; what is released can be taken back, what was handed in cannot."""
    for answer in ("1", "2"):
        lesson.hand_in("ana", answer)
    (lesson.handed_in / ".new" / TASK / "0001").mkdir(parents=True)  # what the service is taking in at this moment
    do("Collect", lesson.instructor())
    lesson.give_feedback("ana", "well done")
    with caplog.at_level(logging.INFO):
        (group,) = do("List", lesson.instructor(ExchangeList={"inbound": True}))
    assert [one["has_exchange_feedback"] for one in group["submissions"]] == [False, True]
    assert (group["student_id"], [one["number"] for one in group["submissions"]]) == ("ana", [1, 2])
    assert f"{RUN} ana {TASK} {group['submissions'][0]['timestamp']} (no feedback available)" in caplog.text
    with pytest.raises(ExchangeError, match="stays"):
        do("List", lesson.instructor(ExchangeList={"inbound": True, "remove": True}))
    (released,) = do("List", lesson.instructor())
    assert (released["assignment_id"], released["status"]) == (TASK, "released")
    assert [book["notebook_id"] for book in released["notebooks"]] == [TASK]
    do("List", lesson.instructor(ExchangeList={"remove": True}))
    assert do("List", lesson.instructor()) == []


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments")  # a slip in nbgrader's release_feedback
def test_formgraders_buttons(lesson: Lesson) -> None:
    """Take back, release, collect, release feedback: as its pages call them, with what they show."""
    config = lesson.instructor()
    parts = {"coursedir": CourseDirectory(config=config), "authenticator": Authenticator(config=config)}
    api = NbGraderAPI(**parts, config=config)
    assert api.get_released_assignments() == {TASK}
    assert api.unrelease(TASK)["success"]
    assert api.get_released_assignments() == set()
    assert api.release_assignment(TASK)["success"]
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    (lesson.handed_in / "bora" / TASK / "0001" / "receipt.json").write_text("")
    told = api.collect(TASK)
    assert not told["success"]
    assert "Not collected, 1 of 2, the others are: bora: " in told["log"]
    assert api.get_submitted_students(TASK) == {"ana"}
    lesson.give_feedback("ana", "well done")
    assert api.release_feedback(TASK, "ana")["success"]
    assert api.release_feedback(TASK)["success"]


def test_a_missing_folder_is_named(lesson: Lesson) -> None:
    """With what makes it, and what sets it."""
    shutil.rmtree(lesson.given)
    with pytest.raises(ExchangeError, match=r"make up makes it, CourseRunExchange.given names"):
        do("List", lesson.instructor())
    with pytest.raises(ExchangeError, match=r"CourseRunExchange.handed_in"):
        do("Collect", lesson.instructor(CourseRunExchange={"handed_in": ""}))
