"""Delivering lessons to trainees."""

import json
import os
import stat
from pathlib import Path

import pytest

from aula import lessons
from aula.errors import NotebookError
from aula.kernelspec import Kernel
from aula.release import versions
from tests.aula.small_course import edit, load


def test_lessons_arrive_with_what_they_need(small: Path, tmp_path: Path) -> None:
    """Notebook, script beside it and the course's data arrive; the text with instructor's cells does not."""
    lessons.deliver(load(small), tmp_path / "to")
    there = {str(p.relative_to(tmp_path / "to/small")) for p in (tmp_path / "to/small").rglob("*") if p.is_file()}
    assert there == {"lessons/01-hello.ipynb", "lessons/helper.py", "data/table.csv", "data/README.md"}


def test_everybody_may_read_them(small: Path, tmp_path: Path) -> None:
    """Trainees can read every file and enter every folder, whatever the checkout's modes and the umask are."""
    (small / "data/table.csv").chmod(0o600)
    umask = os.umask(0o077)
    try:
        lessons.deliver(load(small), tmp_path / "to")
    finally:
        os.umask(umask)
    for path in (tmp_path / "to/small", *(tmp_path / "to/small").rglob("*")):
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_second_delivery_replaces_the_first(small: Path, tmp_path: Path) -> None:
    """What left the course leaves the delivery, and nothing temporary stays beside it."""
    lessons.deliver(load(small), tmp_path / "to")
    (small / "lessons/helper.py").unlink()
    lessons.deliver(load(small), tmp_path / "to")
    assert not (tmp_path / "to/small/lessons/helper.py").exists()
    assert [p.name for p in (tmp_path / "to").iterdir() if p.name != ".versions"] == ["small"]


def test_a_broken_lesson_leaves_the_last_delivery_alone(small: Path, tmp_path: Path) -> None:
    """Delivery is all or nothing."""
    lessons.deliver(load(small), tmp_path / "to")
    edit(small / "lessons/01-hello.md", "[solution]", "[soluton]")
    with pytest.raises(NotebookError):
        lessons.deliver(load(small), tmp_path / "to")
    assert (tmp_path / "to/small/lessons/01-hello.ipynb").is_file()
    assert [p.name for p in (tmp_path / "to").iterdir() if p.name != ".versions"] == ["small"]


def test_a_runs_lessons_lie_under_its_name_and_ask_for_its_kernel(small: Path, tmp_path: Path) -> None:
    """Two runs of one course lie beside each other; each one's notebooks name its own kernel."""
    for run in ("small-1", "small-2"):
        (path,) = lessons.deliver(load(small), tmp_path / "to", run=run, kernel=Kernel(run, f"Small, {run}"))
        assert path == tmp_path / "to" / run / "lessons/01-hello.ipynb"
        kernel = json.loads(path.read_text())["metadata"]["kernelspec"]
        assert kernel == {"name": run, "display_name": f"Small, {run}", "language": "python"}
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == [".versions", "small-1", "small-2"]


def test_a_correction_of_lessons_is_a_version(small: Path, tmp_path: Path) -> None:
    """What is delivered again unchanged is no new version; a correction is one, with a note, for all to read."""
    history = tmp_path / "to/.versions/small/lessons"
    for _ in range(2):
        lessons.deliver(load(small), tmp_path / "to", note="not kept: it is the first")
    (first,) = versions.read(history)
    assert set(first.files) == {"lessons/01-hello.ipynb", "lessons/helper.py", "data/table.csv", "data/README.md"}
    edit(small / "lessons/01-hello.md", "# Hello", "# Hello again")
    lessons.deliver(load(small), tmp_path / "to", note="The title was wrong.")
    _, second = versions.read(history)
    assert (second.number, second.note) == (2, "The title was wrong.")
    assert [str(change) for change in second.changes] == ["lessons/01-hello.ipynb: changed (cell 1)"]
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in (history, *history.rglob("*")))


@pytest.mark.parametrize("run", ["../small", "", "/srv", ".", "a b", "Small"])
def test_a_run_is_no_path(small: Path, tmp_path: Path, run: str) -> None:
    """A name that leads elsewhere replaces no folder there."""
    with pytest.raises(NotebookError, match="is no course run's name"):
        lessons.deliver(load(small), tmp_path / "to", run=run)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(("name", "title"), [("a/b", "x"), ("", "x"), ("a", ""), ("a", "x\ny"), ("A", "x")])
def test_what_is_no_kernel(name: str, title: str) -> None:
    """A name that could be a path, or a title of several lines, is refused."""
    with pytest.raises(NotebookError, match="is no kernel's"):
        Kernel(name, title)
