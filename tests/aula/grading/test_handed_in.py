"""What was handed in is read as what somebody else left there."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from aula.grading import handed_in
from aula.grading.errors import SubmissionError
from aula.grading.template import Template
from tests.aula.grading.class_of import RIGHT, WRONG, hand_in


def test_each_trainees_submission_is_found_with_its_time(run_dir: Path) -> None:
    """By student; the time in UTC, as nbgrader keeps it."""
    hand_in(run_dir, "bruno", RIGHT, at="2026-11-09 23:59:00 CET+0100")
    hand_in(run_dir, "ana", RIGHT)
    found = handed_in.submissions(run_dir, "sums")
    assert [one.student for one in found] == ["ana", "bruno"]
    assert found[0].at == datetime(2026, 11, 9, 22, 59)


@pytest.mark.parametrize("kind", ["nothing", "words", "link", "pipe", "folder"])
def test_a_time_that_is_none_is_none(run_dir: Path, kind: str) -> None:
    """Nor does reading it hang, or lead elsewhere."""
    stamp = hand_in(run_dir, "ana", RIGHT).with_name("timestamp.txt")
    stamp.unlink()
    makes = {
        "words": lambda: stamp.write_text("yesterday"),
        "link": lambda: stamp.symlink_to(run_dir / "time"),
        "pipe": lambda: os.mkfifo(stamp),
        "folder": stamp.mkdir,
    }
    (run_dir / "time").write_text("2026-11-09 22:59:00 UTC")
    makes.get(kind, lambda: None)()
    assert handed_in.submissions(run_dir, "sums")[0].at is None


def test_only_real_files_count(tmp_path: Path) -> None:
    """Links, pipes and what lies behind a link are passed over."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_text("secret")
    folder = tmp_path / "folder"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.csv").write_text("a,b\n")
    (folder / "link").symlink_to(tmp_path / "elsewhere" / "secret")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe")
    assert handed_in.files(folder) == [folder / "data" / "table.csv"]


def test_too_many_or_too_big_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their sender reads that it was too much."""
    for name in ("a", "b"):
        (tmp_path / name).write_text("1234567890")
    for limit, value in (("MOST_FILES", 1), ("MOST_BYTES", 15)):
        with monkeypatch.context() as patch:
            patch.setattr(handed_in, limit, value)
            with pytest.raises(SubmissionError, match="hand in less"):
                handed_in.files(tmp_path)


def test_a_digest_says_what_marks_depend_on(run_dir: Path, author: Template) -> None:
    """Another answer, another file beside it, another engine: another digest; the same, the same."""
    path = hand_in(run_dir, "ana", RIGHT)
    one = handed_in.submissions(run_dir, "sums")[0]
    digests = [one.digest(author, "1"), one.digest(author, "1"), one.digest(author, "2")]
    hand_in(run_dir, "ana", WRONG)
    digests.append(one.digest(author, "1"))
    path.with_name("more.csv").write_text("1")
    digests.append(one.digest(author, "1"))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
