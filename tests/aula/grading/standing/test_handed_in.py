"""What lies in inbound is a stranger's: who handed in is the owner, and nothing but their own files is read."""

import os
import time
from pathlib import Path

import pytest

from aula.grading.errors import SubmissionError
from aula.grading.standing import handed_in
from aula.grading.standing.handed_in import HandedIn
from aula.grading.standing.inbound import Inbound

NAME = "ana+sums+2026-11-09 22:59:00 UTC+abc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder as nbgrader leaves it in inbound."""
    made = tmp_path / "inbound" / NAME
    made.mkdir(parents=True)
    for name in ("sums.ipynb", "timestamp.txt", "submission_secret.txt"):
        (made / name).write_text(name)
    made.chmod(0o777)
    return made


def whole(folder: Path) -> HandedIn:
    """Return the hand-in of a folder that is whole."""
    found = handed_in.whole(folder)
    assert found
    return found


def test_who_handed_in_is_who_owns_it(folder: Path) -> None:
    """The name says ana; the account is what counts."""
    os.chown(folder, 12345, 12345)
    found = whole(folder)
    assert (found.owner, found.assignment) == (12345, "sums")


@pytest.mark.parametrize("missing", ["sums.ipynb", "timestamp.txt", "submission_secret.txt", "mode"])
def test_what_is_still_being_copied_comes_later(folder: Path, missing: str) -> None:
    """It is returned once, when it is whole."""
    inbound = Inbound(folder.parent, [])
    if missing == "mode":
        folder.chmod(0o755)
    else:
        (folder / missing).unlink()
    assert inbound.new() == []
    (folder / "sums.ipynb" if missing == "mode" else folder / missing).write_text("there")
    folder.chmod(0o777)
    assert [one.path for one in inbound.new()] == [folder]
    assert inbound.new() == []


def test_what_was_answered_before_a_restart_is_known(folder: Path) -> None:
    """It does not come again."""
    assert Inbound(folder.parent, [NAME]).new() == []


def test_what_nbgrader_does_not_write_is_nothing(folder: Path) -> None:
    """A file, a link to a folder, and another name are looked at once, and left."""
    folder.rename(folder.with_name("sums"))
    folder.with_name("a+sums+b+c").write_text("a file")
    folder.with_name("d+sums+e+f").symlink_to(folder.with_name("sums"))
    os.mkfifo(folder.with_name("g+sums+h+i"))
    assert Inbound(folder.parent, []).new() == []


def test_only_its_owners_real_files_are_taken(folder: Path, tmp_path: Path) -> None:
    """Links out of it, links to folders, pipes and somebody else's files are left out; and that is said."""
    kept, secret = tmp_path / "kept", tmp_path / "secret"
    kept.mkdir()
    (secret / "below").mkdir(parents=True)
    (secret / "solution.txt").write_text("42")
    (folder / "data").mkdir()
    (folder / "data" / "mine.txt").write_text("1 2 3")
    assert not whole(folder).take(kept)
    assert (kept / "data" / "mine.txt").read_text() == "1 2 3"
    (folder / "linked.txt").symlink_to(secret / "solution.txt")
    (folder / "linked").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    (folder / "foreign.txt").write_text("of another account")
    os.chown(folder / "foreign.txt", 12345, 12345)
    again = tmp_path / "again"
    again.mkdir()
    assert whole(folder).take(again)
    assert {path.name for path in again.rglob("*")} == {path.name for path in kept.rglob("*")}


@pytest.mark.parametrize("kind", ["link", "foreign", "pipe", "folder"])
def test_each_alone_is_left_out_and_said(folder: Path, tmp_path: Path, kind: str) -> None:
    """A single one is enough to be told of."""
    odd = folder / "odd"
    if kind == "link":
        odd.symlink_to(tmp_path / "nowhere")
    elif kind == "folder":
        odd.symlink_to(tmp_path)
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.write_text("")
        os.chown(odd, 12345, 12345)
    kept = tmp_path / "kept"
    kept.mkdir()
    assert whole(folder).take(kept)
    assert not (kept / "odd").exists()


def test_too_much_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files, and too big ones: the reason is for the trainee. A folder in a folder in a folder ends."""
    kept = tmp_path / "kept"
    kept.mkdir()
    deep = folder.joinpath(*["deep"] * 20)
    deep.mkdir(parents=True)
    (deep / "file").write_text("")
    assert whole(folder).take(kept)
    assert not list(kept.rglob("file"))
    for name, most in (("MOST_BYTES", 10), ("MOST_FILES", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(handed_in, name, most)
            with pytest.raises(SubmissionError, match="too much"):
                whole(folder).take(kept)


def test_a_page_has_the_name_that_nbgrader_looks_for(folder: Path) -> None:
    """A secret that is none, or somebody else's file, gives no page."""
    assert whole(folder).page() == "2bb692d47983339426f309c8b1d538ec.html"
    secret = folder / "submission_secret.txt"
    for odd in ("", "x" * 2000):
        secret.write_text(odd)
        with pytest.raises(SubmissionError):
            whole(folder).page()
    secret.unlink()
    secret.symlink_to(folder / "sums.ipynb")
    with pytest.raises(SubmissionError):
        whole(folder).page()


def test_what_never_gets_whole_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two minutes nobody looks at it again."""
    (folder / "timestamp.txt").unlink()
    inbound = Inbound(folder.parent, [])
    assert inbound.new() == []
    later = time.monotonic() + 200
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert inbound.new() == []
    (folder / "timestamp.txt").write_text("too late")
    assert inbound.new() == []
