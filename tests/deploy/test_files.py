"""Files and folders with the owner and mode that they must have."""

import os
from pathlib import Path

import pytest

from deploy import files
from deploy.errors import DeployError


def mode(path: Path) -> int:
    """Return a path's permission bits."""
    return path.stat().st_mode & 0o7777


def test_a_file_has_its_mode_and_owner(tmp_path: Path, me: str) -> None:
    """A written file has exactly the mode and owner that were asked for, and nothing lies beside it."""
    path = tmp_path / "secret"
    assert files.write(path, "word\n", mode=0o640, owner=me, group=me) is True
    assert (path.read_text(), mode(path), path.owner()) == ("word\n", 0o640, me)
    assert [found.name for found in tmp_path.iterdir()] == ["secret"]


def test_unchanged_content_is_no_change_but_the_mode_is_put_right(tmp_path: Path, me: str) -> None:
    """Writing the same again says that nothing changed, keeps the very file, and repairs a loosened mode."""
    path = tmp_path / "file"
    files.write(path, "same", mode=0o600, owner=me, group=me)
    before = path.stat().st_ino
    path.chmod(0o666)
    assert files.write(path, "same", mode=0o600, owner=me, group=me) is False
    assert (path.stat().st_ino, mode(path)) == (before, 0o600)


def test_changed_content_replaces_the_file(tmp_path: Path, me: str) -> None:
    """Who holds the old file open goes on reading the old content: it is replaced, never written into."""
    path = tmp_path / "file"
    files.write(path, "old", owner=me, group=me)
    with path.open() as reader:
        assert files.write(path, "new", owner=me, group=me) is True
        assert reader.read() == "old"
    assert path.read_text() == "new"


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path, me: str) -> None:
    """Where the new content cannot be written whole, the old file stays and no half file lies about."""
    path = tmp_path / "file"
    files.write(path, "old", owner=me, group=me)
    with pytest.raises(UnicodeEncodeError):
        files.write(path, "new" * 10_000 + "\udc80", owner=me, group=me)
    with pytest.raises(LookupError):
        files.write(path, "newer", owner="no-such-account", group=me)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_link_in_the_place_of_a_file_is_replaced(tmp_path: Path, me: str) -> None:
    """A link that another account put there leads nowhere: its target keeps content and mode."""
    target = tmp_path / "target"
    target.write_text("theirs")
    target.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(target)
    for text in ("theirs", "ours"):
        files.write(link, text, mode=0o644, owner=me, group=me)
        assert not link.is_symlink()
        assert (target.read_text(), mode(target)) == ("theirs", 0o600)


def test_a_folder_is_made_with_its_parents(tmp_path: Path, me: str) -> None:
    """A folder is made with its parents, and asking again puts its mode right."""
    where = tmp_path / "a" / "b"
    for wanted in (0o3733, 0o700):
        assert files.folder(where, mode=wanted, owner=me, group=me) == where
        assert mode(where) == wanted


def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path, me: str) -> None:
    """Root never changes the owner of what an account linked to; the sentence names the link and the remedy."""
    (tmp_path / "system").mkdir(mode=0o700)
    link = tmp_path / "inbound"
    link.symlink_to("system")
    with pytest.raises(DeployError, match=r"inbound is a link .* Remove it"):
        files.folder(link, mode=0o777, owner=me, group=me)
    assert mode(tmp_path / "system") == 0o700


def test_a_draft_is_never_open_to_others(tmp_path: Path, me: str) -> None:
    """A loose umask opens no window in which a secret file can be read by others."""
    before = os.umask(0)
    try:
        files.write(tmp_path / "secret", "word", mode=0o600, owner=me, group=me)
    finally:
        os.umask(before)
    assert mode(tmp_path / "secret") == 0o600
