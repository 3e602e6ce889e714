"""Whatever stands in a course's files, the check ends with findings and not with a traceback."""

import hashlib
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


# What the table of bad input names: a file, what to put in place of what, the rule, and words of the sentence.
NAMED = {
    "invalid MyST": (LESSON, "print(sum(range(size)))\n```", "print(1)", "sound-notebooks", "starts inside this fence"),
    "one grade id twice": (TASK, "grade_id: total-hidden", "grade_id: total-public", "marks", "'total-public'"),
    "negative points": (TASK, "points: 1", "points: -1", "marks", "-1"),
    "no solution": (TASK, "solution: true", "solution: false", "markers", "no solution"),
    "data missing": (LESSON, "../data/table.csv", "../data/tabel.csv", "contract", "did you mean 'table.csv'"),
    "data changed": ("data/table.csv", "a,b", "a,c", "data-cards", "table.csv is not the one"),
    "circular includes": (LESSON, "You can count.", "\n```{include} 01-sums.md\n```", "no-includes", "'01-sums.md'"),
    "an odd name": ("course.yml", "file: 01-sums", "file: 01 año", "contract", "01 año"),
}


@pytest.mark.parametrize(("file", "old", "new", "rule", "words"), NAMED.values(), ids=NAMED)
def test_bad_input_is_named_with_its_remedy(good: Path, file: str, old: str, new: str, rule: str, words: str) -> None:
    """Each has a finding that names the thing and what helps, and the course's files are as they were."""
    edit(good / file, old, new)
    before = {path: path.read_bytes() for path in good.rglob("*") if path.is_file()}
    found = [one for one in check.check(good.parents[1], [good], selection.rules(fast=True)).findings]
    assert any(one.rule == rule and words in one.sentence and one.remedy for one in found), found
    assert {path: path.read_bytes() for path in good.rglob("*") if path.is_file()} == before


def test_a_data_file_of_any_name_is_fine(good: Path) -> None:
    """A space and letters of another language in a file's name stop no rule."""
    name = "precios del año.csv"
    (good / "data" / name).write_text("a,b\n")
    with (good / "data/README.md").open("a") as card:
        card.write(f"- {name} sha256 {hashlib.sha256(b'a,b' + bytes([10])).hexdigest()}\n")
    edit(good / LESSON, "../data/table.csv", f"../data/{name}")
    assert check.check(good.parents[1], [good], selection.rules(fast=True)).findings == ()
