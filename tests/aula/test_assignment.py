"""An assignment's notebook: what is secret, and what is refused."""

from base64 import b64encode
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
    "another word": (BEGIN, "### START SOLUTION", "malformed marker '### START SOLUTION'"),
    "a letter missing": (BEGIN_HIDDEN, "# BEGN HIDEN TESTS", "malformed marker '# BEGN HIDEN TESTS'"),
    "an invisible letter": (END, "### END\N{ZERO WIDTH SPACE} SOLUTION", "malformed marker"),
    "letters that look alike": (BEGIN, "### B\N{CYRILLIC CAPITAL LETTER IE}GIN SOLUTION", "malformed marker"),
    "an end too early": (
        "    return sum",
        f"    {END}\n    return sum",
        "start=0)' stands beside",
    ),
    "a beginning too late": (SOLUTION, f"    a = 1\n{SOLUTION}", "cell 2: 'a = 1' stands beside the solution"),
    "nothing hidden": (HIDDEN, "assert total([19, 23]) == 42\n", "hides none of its tests"),
    "an empty region": ("assert total([19, 23]) == 42\n", "", "nothing stands between the markers"),
    "a test below the hidden ones": (
        HIDDEN,
        f"{HIDDEN}assert total([])\n",
        "stands below its hidden",
    ),
    "a test called hidden": ("id: total-test", "id: total-hidden", "cell 3: is called hidden, but shows its tests"),
    "the solution in words": (
        "# Sums",
        "# Sums\n\nHint: `return  sum(numbers, start = 0)`",
        "cell 1: shows a",
    ),
    "a hidden test in words": (
        "# Sums",
        "# Sums\n\n> assert total([19,23]) == 42",
        "a line of the hidden",
    ),
    "a solution as a picture": (
        "# Sums",
        f"# Sums\n\n![](data:text/plain;base64,{b64encode(b'return sum(numbers, start=0)').decode()})",
        "cell 1: shows a line of a solution",
    ),
    "metadata of its own": ("{code-cell}", "{code-cell}\n:notes: 1", "cell 2: its metadata 'notes' would be released"),
    "a tag of lessons": (
        "{code-cell} ipython3",
        "{code-cell} ipython3\n:tags: [instructor]",
        "the tag 'instructor' hides nothing",
    ),
    "an attachment": ('+++ {"nb', '+++ {"attachments": {"a": {}}, "nb', "cell 4: its metadata 'attachments' would be"),
    "marks in the text": ("# Sums", "# Sums\n\n:nbgrader: {solution: true}", "stands in its text: move it to the head"),
    "half an answer": ("Because adding", "Because\n\n+++\n\nadding", "cell 5: follows a written answer"),
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
