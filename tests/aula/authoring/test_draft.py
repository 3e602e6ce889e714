"""A draft: all of its files reach their place, or none does."""

from pathlib import Path

import pytest

from aula.authoring.draft import Draft
from aula.errors import AuthorError


def names(folder: Path) -> list[str]:
    """Return what is in a folder, hidden things too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_files_reach_their_place(tmp_path: Path) -> None:
    """Published, the files are there, the replaced one keeps its mode, and the draft is gone."""
    old = tmp_path / "old.yml"
    old.write_text("a: 1\n")
    old.chmod(0o640)
    with Draft(tmp_path) as draft:
        draft.file(tmp_path / "lessons" / "one.md", "one")
        draft.folder(tmp_path / "task", {"task.md": "task", "deep/x.md": "x"})
        draft.replace(old, "a: 2\n")
        assert names(tmp_path / "lessons") == []
        files = draft.publish()
    assert [str(path.relative_to(tmp_path)) for path in files] == ["lessons/one.md", "task/deep/x.md", "task/task.md"]
    assert old.read_text() == "a: 2\n"
    assert old.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == [
        *("lessons", "lessons/one.md", "old.yml", "task", "task/deep", "task/deep/x.md", "task/task.md"),
    ]


def test_what_is_not_published_is_gone(tmp_path: Path) -> None:
    """A draft that something interrupts leaves nothing."""

    def interrupted() -> None:
        with Draft(tmp_path) as draft:
            draft.file(tmp_path / "one.md", "one")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(tmp_path) == []


def test_a_move_that_fails_undoes_those_before(tmp_path: Path) -> None:
    """Where the second folder cannot be put in place, the first is taken away again, and so are folders made for it."""
    with Draft(tmp_path) as draft:
        draft.file(tmp_path / "lessons" / "one.md", "one")
        draft.folder(tmp_path / "task", {"task.md": "task"})
        (tmp_path / "task").mkdir()
        (tmp_path / "task" / "other.md").write_text("somebody was faster")
        with pytest.raises(AuthorError, match="task: cannot be written"):
            draft.publish()
    assert names(tmp_path) == ["task", "task/other.md"]


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    """A file, or a link that leads nowhere, at the place of a new one is refused."""
    (tmp_path / "one.md").write_text("mine")
    (tmp_path / "two.md").symlink_to(tmp_path / "nowhere")
    with Draft(tmp_path) as draft:
        for name in ("one.md", "two.md"):
            with pytest.raises(AuthorError, match=f"{name}: is there already"):
                draft.file(tmp_path / name, "new")
    assert (tmp_path / "one.md").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder that is none is an error in words."""
    (tmp_path / "file").write_text("")
    with pytest.raises(AuthorError, match="file: cannot be written"):
        Draft(tmp_path / "file")
