"""Every change of a mark, by a program or by hand, is in the log, with who, when, what and from which submission."""

import fcntl
import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import SubmittedNotebook

from aula.audit.aula_audit import actor, head, log
from aula.audit.aula_audit.values import Execute
from aula.grading.engine import engine
from aula.grading.errors import GradingError
from tests.aula.audit.marking import AT, TASK, by_hand, grade, look, opened, past_all


def entries(run_dir: Path) -> list[dict[str, Any]]:
    """Return the log as it lies there."""
    return [json.loads(line) for line in log.beside(run_dir / "gradebook.db").read_text().splitlines()]


def changes(entry: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return what an entry says was changed."""
    names = ("student", "cell", "field", "from", "to")
    return [tuple(change[name] for name in names) for change in entry["changes"]]


def test_the_marks_of_a_batch_are_one_entry(empty_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says who, when, by which engine, what each value was and is, and the hash of each submission."""
    monkeypatch.setenv("AULA_ACTOR", "ines")
    before = len(entries(empty_run))
    grade(empty_run, ana=2.0, bruno=0.5)
    grade(empty_run, ana=2.0, bruno=1.5)
    first, second = entries(empty_run)[before:]
    assert (first["who"], first["run"], first["version"]) == ("ines", "run", f"aula, engine {engine()}")
    assert datetime.now(UTC) - datetime.fromisoformat(first["at"]) < timedelta(minutes=1)
    assert changes(first) == [
        ("ana", "", "timestamp", None, f"{AT}.000000"),
        ("ana", "total-test", "auto_score", None, 2.0),
        ("bruno", "", "timestamp", None, f"{AT}.000000"),
        ("bruno", "total-test", "auto_score", None, 0.5),
    ]
    assert first["submissions"] == [["ana", TASK, "ana-2.0"], ["bruno", TASK, "bruno-0.5"]]
    assert changes(second) == [("bruno", "total-test", "auto_score", 0.5, 1.5)]
    assert second["submissions"] == [["bruno", TASK, "bruno-1.5"]]
    assert look(empty_run).problems == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/opt/bin/aula", "--root", "/srv/content", "release", "small"], "aula release"),
        (["/opt/bin/aula", "grade", "/runs/a", "sums"], "aula grade"),
        (["/lib/nbgrader/__main__.py", "autograde", "sums"], "nbgrader autograde"),
        (["/opt/bin/python"], "python"),
    ],
)
def test_a_command_is_named_by_its_first_word(monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    """Options and paths do not name what was done."""
    monkeypatch.setattr(sys, "argv", words)
    assert actor.through() == said


def test_what_changes_nothing_is_no_entry(run_dir: Path) -> None:
    """The same marks again, and what was rolled back; what others change meanwhile is theirs."""
    before = len(entries(run_dir))
    grade(run_dir, ana=2.0, cem=1.0)
    with opened(run_dir) as gradebook:
        gradebook.find_grade("why", TASK, TASK, "ana").manual_score = 0.0
        gradebook.db.flush()
        gradebook.db.rollback()
        assert len(entries(run_dir)) == before
        by_hand(run_dir, "ana", manual_score=0.25)
        gradebook.find_grade("why", TASK, TASK, "bruno").manual_score = 0.5
        gradebook.db.commit()
    assert changes(entries(run_dir)[-1]) == [("bruno", "why", "manual_score", 0.0, 0.5)]
    assert look(run_dir).well


def test_changes_by_hand_are_entries(run_dir: Path) -> None:
    """Points, extra credit, a penalty, a comment by its hash, a deadline, an extension, and a removed submission."""
    before = len(entries(run_dir))
    with opened(run_dir) as gradebook:
        grade = gradebook.find_grade("why", TASK, TASK, "ana")
        grade.manual_score, grade.extra_credit = 0, None
        gradebook.db.commit()
        gradebook.find_comment("why", TASK, TASK, "ana").manual_comment = "Well done"
        gradebook.db.commit()
        gradebook.db.query(SubmittedNotebook).first().late_submission_penalty = 0.5
        gradebook.db.commit()
        gradebook.find_assignment(TASK).duedate = AT
        gradebook.db.commit()
        gradebook.find_submission(TASK, "cem").extension = timedelta(days=2)
        gradebook.db.commit()
        gradebook.remove_submission(TASK, "bruno")
    found = [changes(entry) for entry in entries(run_dir)[before:]]
    assert found[0] == [("ana", "why", "extra_credit", 0.25, None), ("ana", "why", "manual_score", 1.0, 0.0)]
    digest = sha256(b"Well done").hexdigest()
    assert found[1] == [("ana", "why", "manual_comment", None, f"sha256:{digest}")]
    assert found[2][0][2:] == ("late_submission_penalty", None, 0.5)
    assert (found[3][0][2], found[3][0][4]) == ("duedate", f"{AT}.000000")
    assert found[4] == [("cem", "", "extension", None, "1970-01-03 00:00:00.000000")]
    assert ("bruno", "total-test", "auto_score", 1.5, None) in found[5]
    assert ("bruno", "", "timestamp", f"{AT}.000000", None) in found[6]
    assert look(run_dir).problems == ()


def test_a_gradebook_without_a_log_is_taken_over(run_dir: Path) -> None:
    """The first entry says what it found, and the verification says that nobody vouches for it."""
    shutil.rmtree(run_dir / "audit")
    past_all(run_dir, "DROP TABLE aula_audit")
    past_all(run_dir, "UPDATE grade SET auto_score = 1.75 WHERE auto_score = 2")
    assert "there is no log yet" in look(run_dir).problems[0]
    by_hand(run_dir, "ana", manual_score=0.75)
    begun, changed = entries(run_dir)
    assert (begun["kind"], begun["seq"]) == ("begin", 1)
    assert ("ana", "total-test", "auto_score", None, 1.75) in changes(begun)
    assert ("ana", "why", "manual_score", None, 1.0) in changes(begun)
    assert changes(changed) == [("ana", "why", "manual_score", 1.0, 0.75)]
    verdict = look(run_dir)
    assert verdict.well
    assert f"took over {len(begun['changes'])} values" in verdict.notes[0]


def test_what_is_not_watched_is_not_logged(run_dir: Path, tmp_path: Path) -> None:
    """Another gradebook, which nobody asked to watch, stays as it is."""
    other = tmp_path / "other"
    shutil.copytree(run_dir, other)
    before = len(entries(other))
    by_hand(other, "ana", manual_score=0.0)
    assert len(entries(other)) == before
    assert look(other).problems == ("ana, sums, why: manual score: is 0, and 1 by the log",)


def test_a_full_disk_refuses_what_could_not_be_logged(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change that met it waits in the gradebook; the next is refused, until there is room; nothing is lost."""
    before, add = len(entries(run_dir)), log.add

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "add", full)
    grade(run_dir, ana=0.25)
    with pytest.raises(GradingError, match=r"nothing was recorded.*No space left"):
        grade(run_dir, ana=0.5)
    with opened(run_dir) as gradebook:  # as a formgrader's server has it open, for one request after another
        gradebook.find_grade("why", TASK, TASK, "ana").manual_score = 0.0
        with pytest.raises(OSError, match="No space left"):
            gradebook.db.commit()
        gradebook.db.commit()
    assert len(entries(run_dir)) == before
    waiting = look(run_dir)
    assert waiting.problems == ()
    assert "only the gradebook has" in waiting.notes[-1]
    monkeypatch.setattr(log, "add", add)
    grade(run_dir, ana=0.5)
    found = [changes(entry)[0][3:] for entry in entries(run_dir)[before:]]
    assert found == [(2.0, 0.25), (0.25, 0.5)]
    assert look(run_dir).well


def test_who_comes_between_takes_no_entry_away(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's entry is not in the file yet when the gradebook is about to get the next one."""
    before, claim = len(entries(run_dir)), head.claim

    def late(execute: Execute) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(head, "claim", claim)
            patched.setattr(log, "add", lambda *_: None)
            patched.setattr(head, "settle", lambda *_: None)
            by_hand(run_dir, "bruno", manual_score=0.5)
        claim(execute)

    with monkeypatch.context() as patched:
        patched.setattr(head, "claim", late)
        by_hand(run_dir, "ana", manual_score=0.5)
    assert [changes(entry)[0][0] for entry in entries(run_dir)[before:]] == ["bruno", "ana"]
    assert look(run_dir).problems == ()


def test_one_adds_to_the_file_at_a_time(run_dir: Path) -> None:
    """Who finds the file locked waits."""
    path = log.beside(run_dir / "gradebook.db")
    with path.open("rb") as file, ThreadPoolExecutor(1) as pool:
        fcntl.flock(file, fcntl.LOCK_EX)
        adding = pool.submit(log.add, path, ["{}"])
        with pytest.raises(TimeoutError):
            adding.result(0.2)
        fcntl.flock(file, fcntl.LOCK_UN)
        adding.result(5)
    assert path.read_bytes().endswith(b"\n{}\n")


def test_many_write_at_once(run_dir: Path) -> None:
    """The chain is one, and has every change, when several change marks at the same time."""
    before = len(entries(run_dir))
    grade(run_dir, ana=0.0)
    names = ["ana", "bruno", "cem"]

    def write(name: str) -> None:
        for step in range(1, 6):
            by_hand(run_dir, name, manual_score=step / 10)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(write, names))
    assert len(entries(run_dir)) == before + 1 + 15
    assert look(run_dir).problems == ()
