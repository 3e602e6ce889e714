"""The quick student version is the one that `aula release` makes."""

from pathlib import Path

import nbformat
import pytest

from aula.errors import ReleaseError
from aula.preview import student
from aula.release import release
from tests.aula.small_course import edit, load


@pytest.mark.usefixtures("settled")
def test_it_is_what_is_released(small: Path, tmp_path: Path) -> None:
    """Cell by cell, the preview shows the text that nbgrader releases."""
    course = load(small)
    (task,) = course.assignments
    node, found = student.version(course, task, tmp_path / "sums")
    release.release(course, tmp_path / "run")
    released = nbformat.read(tmp_path / "run/release/sums/sums.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    assert found == ()
    assert [cell.source for cell in node.cells] == [cell.source for cell in released.cells]


def test_what_could_not_be_released_is_refused(small: Path, tmp_path: Path) -> None:
    """Damaged markers raise the error that a release would."""
    edit(small / "assignments/sums/sums.md", "    ### END SOLUTION\n", "")
    course = load(small)
    with pytest.raises(ReleaseError, match="has no '### END SOLUTION'"):
        student.version(course, course.assignments[0], tmp_path / "sums")
