"""What the panel is told of each assignment: the service's word, and what lies at home."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do

BOOK = f"{RUN}/{TASK}/{TASK}.ipynb"
AT = "2026-11-28T10:00:00+00:00"


def look(lesson: Lesson, root: Path | None = None) -> Any:
    """Return what ana's panel is told."""
    exchange = import_module("aula_exchange.person").AulaExchange(config=lesson.trainee("ana"))
    return import_module("aula_exchange.overview").Overview(exchange, root or lesson.home("ana")).look()


def only(told: Any) -> Any:
    """Return the only assignment of the only run."""
    ((task,),) = [run["assignments"] for run in told["runs"]]
    return task


def test_from_released_to_feedback(lesson: Lesson) -> None:
    """The state, and where notebook, receipt and pages lie in the folder that Jupyter shows."""
    assert (only(look(lesson))["state"], only(look(lesson))["notebooks"]) == (
        "released",
        [{"name": TASK, "path": None}],
    )
    lesson.work("ana")
    fetched = only(look(lesson))
    assert (fetched["state"], fetched["fetched"]) == ("fetched", True)
    assert fetched["notebooks"] == [{"name": TASK, "path": BOOK}]
    lesson.hand_in("ana")
    (one,) = only(look(lesson))["submissions"]
    assert (only(look(lesson))["state"], one["number"]) == ("handed_in", 1)
    assert one["receipt"] == f"receipts/{RUN}/{TASK}-0001.json"
    assert one["feedback"] == []
    do("Collect", lesson.instructor())
    lesson.give_feedback("ana", "well done")
    (one,) = only(look(lesson))["submissions"]
    assert one["feedback"] == [{"name": f"{TASK}.html", "path": None, "new": True}]
    assert only(look(lesson))["state"] == "feedback"
    do("FetchFeedback", lesson.trainee("ana"))
    ((page,),) = [one["feedback"] for one in only(look(lesson))["submissions"]]
    assert (lesson.home("ana") / page["path"]).read_text() == "well done"
    assert not page["new"]
    assert only(look(lesson))["state"] != "feedback"


def test_what_is_not_there_or_not_shown_has_no_path(lesson: Lesson) -> None:
    """A receipt that was deleted, and all where Jupyter shows another folder."""
    lesson.hand_in("ana")
    assert look(lesson)["receipts"] == "receipts"
    elsewhere = look(lesson, lesson.top / "elsewhere")
    assert (elsewhere["receipts"], only(elsewhere)["notebooks"][0]["path"]) == (None, None)
    (lesson.home("ana") / "receipts" / RUN / f"{TASK}-0001.json").unlink()
    assert only(look(lesson))["submissions"][0]["receipt"] is None


def test_a_run_that_is_refused_says_why_and_the_others_are_there(lesson: Lesson) -> None:
    """Nobody loses a whole list for one run."""
    lesson.served.people["ana"] += ["nbgrader-another"]
    service = import_module("aula_exchange.service")
    told = service.Service.told

    def refused(self: Any, run: str) -> Any:
        if run == "another":
            raise service.ServiceError("another is over", 403)
        return told(self, run)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(service.Service, "told", refused)
        another, mine = look(lesson)["runs"]
    assert (another["assignments"], another["refused"]) == ([], "another is over")
    assert (mine["name"], mine["refused"], len(mine["assignments"])) == (RUN, "", 1)


@pytest.mark.parametrize(
    ("late", "points", "state"),
    [
        (None, None, "handed_in"),
        (0, None, "handed_in"),
        (60, None, "handed_in"),
        (61, None, "late"),
        (61, {"score": 1}, "graded"),
    ],
)
def test_the_newest_hand_in_says_the_state(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, late: int | None, points: Any, state: str
) -> None:
    """What the service says of terms and points is handed through; points of an older hand-in are not the newest's."""
    older = {"number": 1, "at": AT, "late": 5, "points": {"score": 2}, "feedback": {}}
    newest = {"number": 2, "at": AT, "late": late, "points": points, "feedback": {}}
    terms = {"due": AT, "late_rule": {"grace_minutes": 1}, "attempts": {"allowed": 3, "used": 2}, "extended": True}
    task = {"name": TASK, "notebooks": [TASK], "submissions": [older, newest], **terms}
    monkeypatch.setattr("aula_exchange.service.Service.told", lambda *_: {"now": AT, "assignments": [task]})
    told = look(lesson)
    assert told["runs"][0]["now"] == AT
    assert only(told)["state"] == state
    assert {name: only(told)[name] for name in terms} == terms
    assert only(told)["submissions"][1]["points"] == points
    assert json.loads(json.dumps(told)) == told
