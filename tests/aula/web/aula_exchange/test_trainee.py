"""What a trainee's server does over the hand-in service: fetch, hand in, list, fetch feedback."""

import json
import logging
import os
import time
from pathlib import Path

import pytest
from nbgrader.exchange import ExchangeError

from aula.submissions import receipts
from aula.submissions.keys import Key
from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do, notebook


def only(found: list[Path]) -> Path:
    """Return the only one."""
    (one,) = found
    return one


def test_fetching_brings_all_files_and_never_overwrites(lesson: Lesson) -> None:
    """A second fetch is refused; with replace_missing_files it brings back what is missing, and nothing else."""
    folder = lesson.work("ana", "mine")
    assert {path.name for path in folder.iterdir()} == {f"{TASK}.ipynb", "numbers.txt"}
    (folder / "numbers.txt").unlink()
    with pytest.raises(ExchangeError, match="already have a copy"):
        do("FetchAssignment", lesson.trainee("ana"))
    assert not (folder / "numbers.txt").exists()
    do("FetchAssignment", lesson.trainee("ana", ExchangeFetchAssignment={"replace_missing_files": True}))
    assert (folder / "numbers.txt").read_text() == "1 2 3"
    assert "mine" in (folder / f"{TASK}.ipynb").read_text()
    assert [path.name for path in folder.parent.iterdir()] == [TASK]


def test_what_is_not_released_is_said(lesson: Lesson) -> None:
    """A wrong name, and a course run that one is not in."""
    with pytest.raises(ExchangeError, match="not released"):
        do("FetchAssignment", lesson.trainee("ana", CourseDirectory={"assignment_id": "products"}))
    with pytest.raises(ExchangeError, match="not in the course run"):
        do("FetchAssignment", lesson.trainee("eve"))
    assert not (lesson.home("ana") / RUN / "products").exists()
    lesson.work("ana")
    notebook(lesson.home("ana") / RUN / "products")
    with pytest.raises(ExchangeError, match=f"no assignment 'products'; it has: {TASK}"):
        do("Submit", lesson.trainee("ana", CourseDirectory={"assignment_id": "products"}))


def test_handing_in_keeps_a_receipt_that_anybody_can_verify(lesson: Lesson, caplog: pytest.LogCaptureFixture) -> None:
    """It is at home, it is the service's own, it names what was handed in, and the log says where it is."""
    folder = lesson.work("ana")
    (folder / "data" / "more").mkdir(parents=True)
    (folder / "data" / "more" / "añadido.txt").write_text("mine")
    with caplog.at_level(logging.INFO):
        do("Submit", lesson.trainee("ana"))
    kept = lesson.home("ana") / "receipts" / RUN / f"{TASK}-0001.json"
    assert f"The receipt is {kept}" in caplog.text
    receipt = receipts.read(kept)
    receipts.verify(receipt, [Key.kept(lesson.served.key).public])
    assert (receipt.student, receipt.number) == ("ana", 1)
    assert {*receipt.files} == {f"{TASK}.ipynb", "numbers.txt", "data/more/añadido.txt"}
    taken = lesson.handed_in / "ana" / TASK / "0001" / "files"
    assert (taken / "data/more/añadido.txt").read_text() == "mine"


def test_only_real_files_are_handed_in_and_the_rest_is_named(
    lesson: Lesson, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Links, also to folders, and pipes stay behind with a reason; what nbgrader ignores stays behind without."""
    folder = lesson.work("ana")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "solution.txt").write_text("42")
    (folder / "linked.txt").symlink_to(secret / "solution.txt")
    (folder / "linked").symlink_to(secret)
    (folder / "nowhere").symlink_to(tmp_path / "nowhere")
    (folder / "odd\nname").write_text("")
    os.mkfifo(folder / "pipe")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "old.txt").write_text("")
    do("Submit", lesson.trainee("ana"))
    taken = lesson.handed_in / "ana" / TASK / "0001" / "files"
    assert {path.name for path in taken.rglob("*")} == {f"{TASK}.ipynb", "numbers.txt"}
    said = [record.message for record in caplog.records if "is left out" in record.message]
    assert {line.split(" is left out")[0] for line in said} == {
        "'linked'",
        "'linked.txt'",
        "'nowhere'",
        "'odd\\nname'",
        "'pipe'",
    }
    assert sum("put the file itself in its place" in line for line in said) == 3


@pytest.mark.parametrize("strict", [True, False])
def test_a_notebook_that_is_missing_is_named_and_nothing_is_handed_in(lesson: Lesson, strict: bool) -> None:
    """Under --strict before anything is sent, with what was left out; else in the service's words."""
    folder = lesson.work("ana")
    (folder / f"{TASK}.ipynb").rename(folder / "copy.ipynb")
    (folder / f"{TASK}.ipynb").symlink_to("copy.ipynb")
    said = "there is no sums.ipynb; 'sums.ipynb' is left out: it is a link" if strict else "sums.ipynb is missing"
    with pytest.raises(ExchangeError, match=said):
        do("Submit", lesson.trainee("ana", ExchangeSubmit={"strict": strict}))
    assert not (lesson.home("ana") / "receipts").exists()


def test_what_the_service_refuses_is_said_in_its_words(lesson: Lesson) -> None:
    """The reason is the error's text, without a trace."""
    folder = lesson.work("ana")
    (folder / f"{TASK}.ipynb").write_text("no notebook")
    with pytest.raises(ExchangeError, match="it is not JSON: open it in JupyterLab, save it, hand it in again"):
        do("Submit", lesson.trainee("ana"))


def test_too_much_is_refused_before_it_is_sent(lesson: Lesson, caplog: pytest.LogCaptureFixture) -> None:
    """A folder over max_dir_size is refused; a file over max_file_size stays behind, which nbgrader says."""
    folder = lesson.work("ana")
    (folder / "big.bin").write_bytes(bytes(3000))
    with pytest.raises(ExchangeError, match="has over 0 MB"):
        do("Submit", lesson.trainee("ana", CourseDirectory={"max_dir_size": 2}))
    do("Submit", lesson.trainee("ana", CourseDirectory={"max_file_size": 2}))
    assert "Ignoring file too large" in caplog.text
    assert not (lesson.handed_in / "ana" / TASK / "0001" / "files" / "big.bin").exists()


def test_a_full_home_loses_the_receipt_and_not_the_hand_in(lesson: Lesson, caplog: pytest.LogCaptureFixture) -> None:
    """What is handed in is handed in, and the log says what is missing."""
    lesson.work("ana")
    (lesson.home("ana") / "receipts").write_text("in the way")
    do("Submit", lesson.trainee("ana"))
    assert "It is handed in, but the receipt cannot be kept" in caplog.text
    assert (lesson.handed_in / "ana" / TASK / "0001" / "receipt.json").exists()


def test_feedback_is_fetched_to_where_nbgrader_shows_it_and_a_newer_one_again(lesson: Lesson) -> None:
    """Each person's own; the list says when there is a newer page than the one that was fetched."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    do("Collect", lesson.instructor())
    for text in ("well done", "well done indeed"):
        lesson.give_feedback("ana", text)
        for who in ("ana", "bora"):
            do("FetchFeedback", lesson.trainee(who))
        page = only([*(lesson.home("ana") / RUN / TASK / "feedback").rglob("*.html")])
        assert page.read_text() == text
        assert not (lesson.home("bora") / RUN / TASK / "feedback").exists()
    (group,) = do("List", lesson.trainee("ana", ExchangeList={"cached": True}))
    (one,) = group["submissions"]
    assert (one["has_local_feedback"], one["has_exchange_feedback"], one["feedback_updated"]) == (True, True, False)
    assert one["local_feedback_path"] == str(page.parent)
    assert page.parent.name == one["timestamp"]
    lesson.give_feedback("ana", "after a second look")
    (group,) = do("List", lesson.trainee("ana", ExchangeList={"cached": True}))
    assert group["submissions"][0]["feedback_updated"]


def test_what_is_listed_goes_from_released_to_fetched_to_handed_in(lesson: Lesson) -> None:
    """In the shape of nbgrader's own exchange; each attempt is there; another person's are not."""
    listed = do("List", lesson.trainee("ana"))
    address = f"{lesson.served.url}runs/{RUN}/assignments/{TASK}"
    released = {"course_id": RUN, "assignment_id": TASK, "status": "released", "path": address}
    assert listed == [{**released, "notebooks": [{"notebook_id": TASK, "path": f"{address}/{TASK}.ipynb"}]}]
    folder = lesson.work("ana")
    book = {"notebook_id": TASK, "path": str(folder / f"{TASK}.ipynb")}
    fetched = {**released, "status": "fetched", "path": str(folder), "notebooks": [book]}
    assert do("List", lesson.trainee("ana")) == [fetched]
    handed_in = [lesson.hand_in("ana", answer) for answer in ("1", "2")]
    for kind in ("cached", "inbound"):
        (group,) = do("List", lesson.trainee("ana", ExchangeList={kind: True}))
        assert (group["course_id"], group["student_id"], group["status"]) == (RUN, "ana", "submitted")
        assert [one["number"] for one in group["submissions"]] == [1, 2]
        times = [one["at"].replace("T", " ").replace("+00:00", " UTC") for one in handed_in]
        assert [one["timestamp"] for one in group["submissions"]] == times
        assert [one["has_exchange_feedback"] for one in group["submissions"]] == [False, False]
    assert do("List", lesson.trainee("bora", ExchangeList={"cached": True})) == []
    with pytest.raises(ExchangeError, match="cannot be removed"):
        do("List", lesson.trainee("ana", ExchangeList={"remove": True}))


def test_without_a_course_all_of_ones_own_are_listed(lesson: Lesson, caplog: pytest.LogCaptureFixture) -> None:
    """The hub says which they are; one that the service refuses does not keep the others away."""
    every = {"CourseDirectory": {"course_id": "", "assignment_id": ""}}
    assert [one["course_id"] for one in do("List", lesson.trainee("ana", **every))] == [RUN]
    lesson.served.people["ana"] += ["formgrade-also", "users"]  # the service knows it within a minute
    assert [one["course_id"] for one in do("List", lesson.trainee("ana", **every))] == [RUN]
    assert "also: You are not in the course run also" in caplog.text
    assert "users" not in caplog.text
    lesson.served.people["ana"].clear()
    lesson.served.hub = "http://127.0.0.1:1/hub/api"
    with pytest.raises(ExchangeError, match="the hub does not say in which courses you are"):
        do("List", lesson.trainee("ana", **every))


def test_the_result_at_once_is_there_to_be_read_after_handing_in(lesson: Lesson) -> None:
    """Handing in fetches it; the grading's page takes its place later."""
    lesson.work("ana")
    with lesson.result_at_once("ana", "1 of 1 passed"):
        do("Submit", lesson.trainee("ana", Submit={"waits_s": 20.0}))
    page = only([*(lesson.home("ana") / RUN / TASK / "feedback").rglob("*.html")])
    assert page.read_text() == "1 of 1 passed"
    do("Collect", lesson.instructor())
    lesson.give_feedback("ana", "well done")
    do("FetchFeedback", lesson.trainee("ana"))
    assert page.read_text() == "well done"


@pytest.mark.parametrize(("said", "waits_s"), [("old", 60.0), ("other", 60.0), ("none", 60.0), ("busy", 0.5)])
def test_handing_in_waits_for_nobody_who_is_not_there(lesson: Lesson, said: str, waits_s: float) -> None:
    """Where no job gives results, or it does not come to an answer, what is handed in is handed in, and soon."""
    lesson.work("ana")
    sign = lesson.given / "at_once.json"
    if said != "none":
        sign.write_text(json.dumps({"assignments": ["other" if said == "other" else TASK]}))
    if said == "old":
        os.utime(sign, (time.time() - 60,) * 2)
    began = time.monotonic()
    do("Submit", lesson.trainee("ana", Submit={"waits_s": waits_s}))
    assert time.monotonic() - began < 20
    assert (lesson.handed_in / "ana" / TASK / "0001").exists()
