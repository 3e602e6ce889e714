"""What is released is read without following anybody's link, and packed as plain files."""

import os
import tarfile
import time
from hashlib import sha256
from pathlib import Path

import pytest

from aula.submissions.errors import NotThereError
from aula.submissions.given import Given
from aula.submissions.packing import packed
from aula.submissions.unpacking import Unpacker


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a course run with two assignments, one of them empty, and a secret beside it."""
    released = tmp_path / "hpc" / "outbound"
    (released / "sums" / "data").mkdir(parents=True)
    (released / "empty").mkdir()
    (released / "sums" / "sums.ipynb").write_text("{}")
    (released / "sums" / "data" / "é.csv").write_text("1,2")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "solution.ipynb").write_text("42")
    return tmp_path / "hpc"


def test_released_assignments_are_listed(run: Path) -> None:
    """An assignment is what has a notebook, and a name that assignments can have."""
    (run / "outbound" / ".draft").mkdir()
    (run / "outbound" / "file").touch()
    given = Given(run.parent)
    assert given.assignments("hpc") == {"sums": ["sums"]}
    assert given.notebooks("hpc", "sums") == ["sums"]
    assert given.assignments("other") == {}


@pytest.mark.parametrize("name", ["empty", "words", "..", ".", "a/b", "Sums", "file"])
def test_what_is_not_released_is_said(run: Path, name: str) -> None:
    """Only a name on the list leads to an assignment."""
    with pytest.raises(NotThereError, match="not released in this course run"):
        Given(run.parent).notebooks("hpc", name)


def test_a_link_leads_nowhere(run: Path) -> None:
    """The run's account cannot make the service read for it what it may not read itself."""
    (run / "outbound" / "linked").symlink_to(run.parent / "secret")
    (run / "outbound" / "sums" / "folder").symlink_to(run.parent / "secret")
    (run / "outbound" / "sums" / "more.ipynb").symlink_to(run.parent / "secret" / "solution.ipynb")
    os.mkfifo(run / "outbound" / "sums" / "pipe")
    (run / "feedback").symlink_to(run.parent)
    given = Given(run.parent)
    assert given.assignments("hpc") == {"sums": ["sums"]}
    assert not given.feedback("hpc", "secret", "..", 1)
    with pytest.raises(NotThereError):
        packed(run.parent, "hpc", "outbound", "linked")
    with packed(run.parent, "hpc", "outbound", "sums") as archive, tarfile.open(fileobj=archive) as tar:
        found = {one.name: one for one in tar.getmembers()}
        assert set(found) == {"sums.ipynb", "data", "data/é.csv"}
        assert tar.extractfile(found["data/é.csv"]).read() == b"1,2"  # type: ignore[union-attr]  # it is a file
        assert [one.name for one in found.values() if one.isdir()] == ["data"]


def test_what_is_packed_can_be_handed_in(run: Path, tmp_path: Path) -> None:
    """The service accepts the archives that it sends itself."""
    target = tmp_path / "again"
    target.mkdir()
    with packed(run.parent, "hpc", "outbound", "sums") as archive, Unpacker(target) as unpacker:
        unpacker.feed(archive.read())
        unpacker.finish()
    assert (target / "data" / "é.csv").read_text() == "1,2"


def test_feedback_is_there_when_a_page_is(run: Path) -> None:
    """An empty folder, half a page, a link, and feedback on another hand-in, are none."""
    folder = run / "feedback" / "ana" / "sums" / "0002"
    folder.mkdir(parents=True)
    given = Given(run.parent)
    assert not given.feedback("hpc", "ana", "sums", 2)
    (folder / ".sums.html").touch()
    (folder / "other.html").symlink_to("/etc/passwd")
    assert not given.feedback("hpc", "ana", "sums", 2)
    (folder / "sums.html").write_text("well done")
    assert given.feedback("hpc", "ana", "sums", 2) == {"sums.html": sha256(b"well done").hexdigest()}
    assert not given.feedback("hpc", "ana", "sums", 1)


@pytest.mark.parametrize("odd", ["", "old", "link", "pipe", "nonsense", "[]", '{"assignments": 3}'])
def test_results_at_once_are_there_while_their_job_says_so(run: Path, odd: str) -> None:
    """Half a minute after its last word it is not there any more; what others put in its place counts for nothing."""
    sign, given = run / "at_once.json", Given(run.parent)
    assert given.at_once("hpc") == given.at_once("none") == frozenset()
    if odd == "link":
        (run / "other").write_text('{"assignments": ["sums"]}')
        sign.symlink_to(run / "other")
    elif odd == "pipe":
        os.mkfifo(sign)
    else:
        sign.write_text('{"assignments": ["sums"]}' if odd in ("", "old") else odd)
    if odd == "old":
        os.utime(sign, (time.time() - 40,) * 2)
    assert given.at_once("hpc") == ({"sums"} if not odd else set())
