"""Whatever stands in a course's files, the check ends with findings and not with a traceback."""

from pathlib import Path

import pytest

from aula.check import check, selection
from tests.aula.small_course import edit

TASK, LESSON = "assignments/sums/sums.md", "lessons/01-sums.md"
MARKS = "grade: true, grade_id: total-public, locked: true, points: 1, solution: false, schema_version: 3"
ODD = {
    "marks that are a number": (TASK, ":nbgrader: {" + MARKS + "}", ":nbgrader: 3"),
    "points that are a word": (TASK, "points: 1", "points: many"),
    "negative points": (TASK, "points: 1", "points: -1"),
    "no grade id": (TASK, "grade_id: total-public, ", ""),
    "an answer without a grade id": (TASK, "grade_id: total, ", ""),
    "a test that is no Python": (TASK, "assert answer == 4", "assert answer =="),
    "an answer that is no Python": (TASK, "return sum(chosen)", "return sum(("),
    "no answer at all": (TASK, "solution: true", "solution: false"),
    "a figure's text in a wrong place": (LESSON, "mystnb:\n  image:\n    alt: A line", "mystnb: A line"),
    "an empty lesson": (LESSON, None, ""),
    "letters of another kind": (LESSON, None, "\xff"),
    "a picture for a licence": ("LICENSE.md", None, "\xff"),
    "a citation that is a list": ("CITATION.cff", None, "- a\n"),
    "a card that is a picture": ("data/README.md", None, "\xff"),
    "fences and nothing else": (LESSON, None, "```\n" * 9),
}


@pytest.mark.parametrize(("file", "old", "new"), ODD.values(), ids=ODD)
def test_odd_files_are_findings(good: Path, file: str, old: str | None, new: str) -> None:
    """Each of them is told, and no rule stumbles over it."""
    if old is None:
        (good / file).write_bytes(new.encode("latin-1"))
    else:
        edit(good / file, old, new)
    assert check.check(good.parents[1], [good], selection.rules(fast=True)).findings
