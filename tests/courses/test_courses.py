"""Every course in courses/ keeps every rule of `aula check`, those that execute and grade included."""

import sys
from pathlib import Path

import pytest

from aula import kernel
from aula.check import check, selection
from aula.check.finding import Outcome
from aula.check.rules import ALL

ROOT = Path(__file__).parents[2]
FOLDERS = selection.folders(ROOT)
pytestmark = pytest.mark.timeout(1200)  # the first test of all waits until everything has been executed and graded


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    """What the check found in all courses."""
    with kernel.settled(Path(sys.executable).parent):
        return check.check(ROOT, FOLDERS, ALL)


@pytest.mark.parametrize("rule", [rule.name for rule in ALL])
def test_every_course_keeps_the_rule(outcome: Outcome, rule: str) -> None:
    """No course breaks the rule."""
    found = [one for one in outcome.findings if one.rule == rule]
    assert [f"{one.file}:{one.line}: {one.sentence} {one.remedy}" for one in found] == []


def test_every_assignment_has_a_mutation_score(outcome: Outcome) -> None:
    """The share of noticed mistakes was computed for each assignment of each course."""
    assert {(one.course, one.assignment) for one in outcome.scores} == {
        (folder.name, task.name) for folder in FOLDERS for task in (folder / "assignments").iterdir()
    }
    assert all(one.total > 0 and not one.problem for one in outcome.scores)
