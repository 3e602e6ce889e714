"""An assignment's notebook: what is secret, and what is refused."""

from pathlib import Path

import pytest

from aula import assignment
from aula.errors import ReleaseError
from tests.aula.small_course import HIDDEN, SOLUTION, TOTAL, WHY, edit


def test_visible_and_secret_lines_are_told_apart(small: Path) -> None:
    """Marked regions and unmarked answer cells are secret; all other lines are visible."""
    parts = assignment.split(assignment.read(small / "assignments/sums/sums.md", 3))
    assert [line.strip() for line in parts.secret] == [
        "return sum(numbers, start=0)",
        "assert total([19, 23]) == 42",
        "Because adding is commutative.",
    ]
    assert "assert isinstance(total([1]), int)" in parts.visible


BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
SPOILT = {
    "two hashes": (BEGIN, "## BEGIN SOLUTION", "cell 2: malformed marker '## BEGIN SOLUTION'"),
    "lower case": (END, "### end solution", "malformed marker '### end solution'"),
    "singular": (BEGIN_HIDDEN, "### BEGIN HIDDEN TEST", "cell 3: malformed marker"),
    "underscore": (BEGIN, "### BEGIN_SOLUTION", "cell 2: malformed marker"),
    "two spaces": (END, "### END  SOLUTION", "cell 2: malformed marker"),
    "a word after it": (END_HIDDEN, f"{END_HIDDEN} here", "malformed marker"),
    "code before it": (BEGIN_HIDDEN, f"x = 1 {BEGIN_HIDDEN}", "malformed marker"),
    "no end": (f"    {END}\n", "", f"cell 2: '{BEGIN}' has no '{END}'"),
    "no beginning": (f"    {BEGIN}\n", "", f"'{END}' stands where a '### BEGIN …' should"),
    "crossed": (END_HIDDEN, END, f"stands where '{END_HIDDEN}' should"),
    "nested": (BEGIN, f"{BEGIN}\n    {BEGIN}", "stands where"),
    "solution in a test": (HIDDEN, f"{BEGIN}\n1\n{END}\n", "set 'nbgrader: {solution: true}'"),
    "hidden test in an answer": (SOLUTION, HIDDEN, "set 'nbgrader: {grade: true}'"),
    "points": ("points: 2", "points: 5", "are worth 6 points, but course.yml says 3"),
    "no points": ("points: 2, ", "", "cell 3: is graded but has no points"),
    "negative points": ("points: 2", "points: -1", "cell 3: nbgrader key 'points' is -1"),
    "points unasked": ("id: total, ", "id: total, points: 1, ", "cell 2: has points but is not graded"),
    "same grade id": ("id: total-test", "id: total", "cell 3: grade_id 'total' is cell 2's"),
    "no grade id": ("grade_id: total-test, ", "", "cell 3: nbgrader key 'grade_id' is missing"),
    "unreadable grade id": ("id: total-test", "id: a/b", "cell 3: nbgrader key 'grade_id' is 'a/b'"),
    "old schema": ("true, schema_version: 3", "true, schema_version: 2", "key 'schema_version' is 2"),
    "unlocked test": ("locked: true, points: 2", "locked: false, points: 2", "that trainees could edit"),
    "locked answer": ("locked: false, solution", "locked: true, solution", "that trainees could not edit"),
    "a misspelt key": ("solution: false", "solutoin: false", "cell 3: unknown nbgrader key 'solutoin'"),
    "two cells with one grade id": (
        "id: total-test",
        "id: total",
        "sums.md: cell 3: grade_id 'total' is cell 2's: choose one",
    ),
    "points below zero, the remedy": ("points: 2", "points: -1", "give 0 or more, as a number"),
    "marks that are no keys": (f"nbgrader: {{{TOTAL}, schema_version: 3}}", "nbgrader: yes", "cell 2: 'nbgrader' must"),
    "an empty solution": ("    return sum(numbers, start=0)\n", "    # later\n    pass\n", "cell 2: its solution is"),
    "a flag as text": ("grade: true", "grade: 'yes'", "cell 3: nbgrader key 'grade' is 'yes'"),
}


@pytest.mark.parametrize(("old", "new", "message"), SPOILT.values(), ids=SPOILT)
def test_what_could_leak_or_not_be_graded_is_refused(small: Path, old: str, new: str, message: str) -> None:
    """Each malformed marker or mark is an error that names file and cell, before anything is written."""
    path = small / "assignments/sums/sums.md"
    edit(path, old, new)
    with pytest.raises(ReleaseError) as caught:
        assignment.read(path, 3)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_assignment_without_a_solution_is_refused(small: Path) -> None:
    """Where no cell is the trainee's to fill in, the error names the file and what to set on which cell."""
    path = small / "assignments/sums/sums.md"
    edit(path, f":nbgrader: {{{TOTAL}, schema_version: 3}}\n", "")
    edit(path, SOLUTION, "    return sum(numbers)\n")
    edit(path, f'+++ {{"nbgrader": {{{WHY}, "schema_version": 3}}}}\n', "+++\n")
    with pytest.raises(ReleaseError, match=r"sums\.md: has no solution: set 'nbgrader: {solution: true}' on the cell"):
        assignment.read(path, 2)
