"""The template of a result at once: nothing of a hidden test is in it."""

from pathlib import Path

import pytest

from aula.grading import template
from aula.grading.standing import public
from aula.release import release
from tests.aula.small_course import HIDDEN, edit, load

WHOLE = """
```{code-cell} ipython3
:nbgrader: {grade: true, grade_id: secret-test, locked: true, points: 1, solution: false, schema_version: 3}
### BEGIN HIDDEN TESTS
# and a remark
assert total([2, 3]) == 5
### END HIDDEN TESTS
```

# Why

```text
# not a heading
```

+++"""


@pytest.fixture
def known(small: Path, tmp_path: Path, settled: None) -> public.Public:  # noqa: ARG001  nbgrader needs it
    """Return what is public of an assignment with a test that is hidden in part, and one that is so as a whole."""
    edit(small / "course.yml", "points: 3", "points: 4")
    edit(small / "assignments/sums/sums.md", "\n+++", WHOLE)
    release.release(load(small), tmp_path / "run")
    return public.of(template.read(tmp_path / "run", "sums"))


def test_hidden_tests_are_left_out(known: public.Public) -> None:
    """A part of a test is cut out; a test that is hidden as a whole is none any more, and gives nothing."""
    assert known.partly == {"total-test"}
    assert known.hidden == {"secret-test"}
    assert known.template.tests == {"total-test": 2.0}
    for text in [*HIDDEN.splitlines(), "assert total([2, 3]) == 5"]:
        assert text not in str(known.template.node)
        assert text not in str(known.template.cells)
    assert "assert isinstance(total([1]), int)" in known.template.cells["total-test"].node.source


def test_what_the_author_wrote_otherwise_stays(known: public.Public) -> None:
    """The solution is there, by which it is known that the tests can pass."""
    assert "return sum(numbers, start=0)" in known.template.cells["total"].node.source


def test_a_test_is_known_by_the_heading_above_it(known: public.Public) -> None:
    """A sign in a block of code is no heading."""
    titles = public.headings(known.template.node)
    assert (titles["total-test"], titles["why"]) == ("Sums", "Why")
