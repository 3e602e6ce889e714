"""What a reader takes home."""

import shutil
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import nbformat

from aula.press import downloads
from tests.aula.small_course import load


def test_a_lesson_comes_with_what_it_reads(small: Path, tmp_path: Path) -> None:
    """The archive holds the lesson as trainees get it, its scripts and data, and the same bytes each time."""
    course = load(small)
    downloads.write(course, course.lessons[0], tmp_path / "out")
    first = (tmp_path / "out/01-hello.zip").read_bytes()
    with ZipFile(BytesIO(first)) as archive:
        names = archive.namelist()
        node = nbformat.reads(archive.read("small/lessons/01-hello.ipynb").decode(), as_version=4)
    assert names == [
        f"small/{name}" for name in ("data/README.md", "data/table.csv", "lessons/01-hello.ipynb", "lessons/helper.py")
    ]
    assert "answer_for_the_instructor" not in "".join(cell.source for cell in node.cells)
    downloads.write(course, course.lessons[0], tmp_path / "out")
    assert (tmp_path / "out/01-hello.zip").read_bytes() == first


def test_a_lesson_alone_is_a_notebook(small: Path, tmp_path: Path) -> None:
    """Where nothing lies beside it, a reader gets the notebook itself."""
    shutil.rmtree(small / "data")
    (small / "lessons/helper.py").unlink()
    (small / "lessons/01-hello.md").write_text("# Hello\n", encoding="utf-8")
    course = load(small)
    downloads.write(course, course.lessons[0], tmp_path)
    assert downloads.name(course, course.lessons[0]) == "01-hello.ipynb"
    assert nbformat.read(tmp_path / "01-hello.ipynb", as_version=4).cells[0].source == "# Hello"
