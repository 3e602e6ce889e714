"""Delivering lessons to trainees."""

import os
import stat
from pathlib import Path

import pytest

from aula import lessons
from aula.errors import NotebookError
from tests.aula.small_course import edit, load


def test_lessons_arrive_with_what_they_need(small: Path, tmp_path: Path) -> None:
    """Notebook, script beside it and the course's data arrive; the text with instructor's cells does not."""
    lessons.deliver(load(small), tmp_path / "to")
    there = {str(p.relative_to(tmp_path / "to/small")) for p in (tmp_path / "to").rglob("*") if p.is_file()}
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
    assert [p.name for p in (tmp_path / "to").iterdir()] == ["small"]


def test_a_broken_lesson_leaves_the_last_delivery_alone(small: Path, tmp_path: Path) -> None:
    """Delivery is all or nothing."""
    lessons.deliver(load(small), tmp_path / "to")
    edit(small / "lessons/01-hello.md", "[solution]", "[soluton]")
    with pytest.raises(NotebookError):
        lessons.deliver(load(small), tmp_path / "to")
    assert (tmp_path / "to/small/lessons/01-hello.ipynb").is_file()
    assert [p.name for p in (tmp_path / "to").iterdir()] == ["small"]
