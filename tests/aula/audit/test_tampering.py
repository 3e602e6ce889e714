"""HOSTILE.md 20: whoever changes log or gradebook past the programs is found out.

AULA_TAMPERINGS says how many random changes; a small number here, 1,000 in the hostile run.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from aula.audit import anchor, stores, verification
from aula.audit.aula_audit import log
from aula.errors import AuditError
from tests.aula.audit.marking import by_hand, grade, look, past_all
from tests.aula.audit.tampering import WAYS, change_gradebook, change_log

CHANGES = int(os.environ.get("AULA_TAMPERINGS", "200"))


def test_every_random_change_is_found(run_dir: Path) -> None:
    """Bits, lines, fields with a right hash, any score in the gradebook: all of them, and none where none was made."""
    chance = Random(8)  # noqa: S311  no secret
    book = run_dir / "gradebook.db"
    path = log.beside(book)
    good, whole = book.read_bytes(), path.read_bytes()
    missed = []
    for number in range(CHANGES):
        way = chance.choice([*WAYS, *["gradebook"] * 4])
        what = change_gradebook(chance, book) if way == "gradebook" else change_log(chance, path, way)
        if look(run_dir).well:
            missed.append((number, way, what))
        book.write_bytes(good)
        path.write_bytes(whole)
        if not number % 20:
            assert look(run_dir).problems == ()
    assert missed == []


@pytest.mark.parametrize(("before", "after"), [(b'"changes":', b'"changes": '), (b'{"at"', b'{"at":"2020","at"')])
def test_what_is_written_in_another_way_is_found(run_dir: Path, before: bytes, after: bytes) -> None:
    """A space, or a name that stands there twice: a program that reads the line sees the same, and the same hash."""
    path = log.beside(run_dir / "gradebook.db")
    path.write_bytes(path.read_bytes().replace(before, after, 1))
    assert "written in another way" in look(run_dir).problems[0]


def test_a_changed_mark_is_told_in_words(run_dir: Path) -> None:
    """Whose, which, and both values; also after somebody has marked it again through the programs."""
    assert past_all(run_dir, "UPDATE grade SET manual_score = 0.25 WHERE manual_score = 2.0") == 1
    assert look(run_dir).problems == ("cem, sums, total-test: manual score: is 0.25, and 2 by the log",)
    by_hand(run_dir, "cem", "total-test", manual_score=1.0)
    (problem,) = look(run_dir).problems
    assert problem.startswith("cem, sums, total-test: manual score: was 2 by the log, and 0.25 when entry")
    assert "changed it past the log" in problem


def test_marks_that_changed_their_owner_are_found(run_dir: Path) -> None:
    """Two trainees' submissions change hands: each of their marks is told."""
    past_all(run_dir, "UPDATE submitted_assignment SET student_id = 'x' WHERE student_id = 'ana'")
    past_all(run_dir, "UPDATE submitted_assignment SET student_id = 'ana' WHERE student_id = 'bruno'")
    past_all(run_dir, "UPDATE submitted_assignment SET student_id = 'bruno' WHERE student_id = 'x'")
    assert "ana, sums, total-test: auto score: is 1.5, and 2 by the log" in look(run_dir).problems


def test_an_older_gradebook_is_found(run_dir: Path) -> None:
    """Yesterday's gradebook beside today's log does not pass."""
    older = (run_dir / "gradebook.db").read_bytes()
    by_hand(run_dir, "ana", manual_score=0.0)
    (run_dir / "gradebook.db").write_bytes(older)
    assert "it is an older one" in look(run_dir).problems[0]


def test_what_follows_a_cut_does_not_hide_it(run_dir: Path) -> None:
    """Marks are changed through the programs after the log's end was cut off: it stays visible."""
    path = log.beside(run_dir / "gradebook.db")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    by_hand(run_dir, "ana", manual_score=0.0)
    assert any("does not follow" in one for one in look(run_dir).problems)


def test_a_line_that_somebody_left_unfinished_stays_visible(run_dir: Path) -> None:
    """What is no entry is told, before and after the next entry, and no entry is lost by it."""
    path = log.beside(run_dir / "gradebook.db")
    with path.open("ab") as file:
        file.write(b'{"at":"1999')
    assert "ends in the middle of a line" in look(run_dir).problems[0]
    by_hand(run_dir, "ana", manual_score=0.0)
    (problem,) = look(run_dir).problems
    assert "is not as it was written" in problem


def test_a_log_written_anew_is_found_by_its_anchor(run_dir: Path, tmp_path: Path) -> None:
    """Log and gradebook agree, but what was anchored is gone; before that, anchors of each time are found."""
    file = tmp_path / "anchors"
    assert anchor.add(run_dir, stores.read(run_dir).reading, file).seq == look(run_dir).entries
    by_hand(run_dir, "ana", manual_score=0.0)
    anchor.add(run_dir, stores.read(run_dir).reading, file)
    assert verification.verify(run_dir, file).well
    shutil.rmtree(run_dir / "audit")
    past_all(run_dir, "DROP TABLE aula_audit")
    past_all(run_dir, "UPDATE grade SET auto_score = 1 WHERE auto_score = 2")
    for _ in range(10):
        grade(run_dir, ana=0.0)
        grade(run_dir, ana=1.0)
    assert look(run_dir).well
    problems = verification.verify(run_dir, file).problems
    assert len(problems) == 2
    assert "was cut or written anew" in problems[0]


def test_who_writes_meanwhile_is_no_deviation(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What seems wrong at the first look, for the log is ahead of the gradebook that was read, is looked at again."""
    older, read, looks = stores.read(run_dir), stores.read, []
    by_hand(run_dir, "ana", manual_score=0.0)
    ahead = replace(older, reading=read(run_dir).reading)
    assert not verification.judge(ahead, []).well

    def look_twice(run_dir: Path) -> stores.Stores:
        looks.append(run_dir)
        return ahead if len(looks) == 1 else read(run_dir)

    monkeypatch.setattr(stores, "read", look_twice)
    assert verification.verify(run_dir).well
    assert len(looks) == 2


def test_only_a_whole_log_is_anchored(run_dir: Path, tmp_path: Path) -> None:
    """A broken one is refused, and so is a file that anchors something else, or nothing."""
    file = tmp_path / "anchors"
    anchor.add(run_dir, stores.read(run_dir).reading, file)
    change_log(Random(1), log.beside(run_dir / "gradebook.db"), "delete")  # noqa: S311  no secret
    with pytest.raises(AuditError, match="not whole"):
        anchor.add(run_dir, stores.read(run_dir).reading, file)
    with pytest.raises(AuditError, match="no anchor of the course run"):
        verification.verify(run_dir.rename(tmp_path / "another"), file)
    file.write_text("[]\n")
    with pytest.raises(AuditError, match="no file of anchors"):
        verification.verify(tmp_path / "another", file)
