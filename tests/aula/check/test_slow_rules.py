"""Each rule that executes and grades passes on a good course and fails on a bad example of its own."""

from pathlib import Path

import pytest

from aula.check import check, selection
from aula.check.finding import Outcome
from aula.check.rules import ALL
from tests.aula.check.good_course import write_course
from tests.aula.small_course import edit

TASK = "assignments/sums/sums.md"
HIDDEN = "assert total([19, 23, 5], 19) == 42"
SLOW = [rule for rule in ALL if rule.slow]
# For each rule: a file, what to put in place of what, words of the sentence.
BAD = {
    "release-is-clean": ("assignments/sums/notes.txt", None, "    return sum(chosen)\n", "It cannot be released"),
    "reference-earns-all": (
        TASK,
        HIDDEN,
        "assert total([1], 1) == 2",
        "The reference earns 1 of 3 points; it fails total",
    ),
    "untouched-earns-nothing": (
        TASK,
        HIDDEN,
        "assert True",
        "Without any work it earns 2 of 3 points, by total-hidden",
    ),
    "mutants-are-caught": (
        TASK,
        HIDDEN,
        "assert total([42, 5], 19) == 42",
        "This wrong answer earns every point of 'sums'",
    ),
    "deterministic": (
        TASK,
        HIDDEN,
        f"{HIDDEN}\nassert list({{'a', 'b', 'c', 'd', 'e', 'f'}}) == ORDER",
        "The test 'total-hidden' fails for the reference",
    ),
    "mutation-score": (TASK, HIDDEN, "assert total([23], 5) == 23", "The tests notice"),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Outcome:
    """What the slow rules find in the good course."""
    return graded(write_course(tmp_path_factory.mktemp("good")))


def graded(folder: Path) -> Outcome:
    """Return what all slow rules find in the course in folder."""
    return check.check(folder.parents[1], [folder], SLOW)


def test_a_good_course_has_no_finding(outcome: Outcome) -> None:
    """All slow rules pass on the course that the bad examples are made of."""
    assert outcome.findings == ()


def test_a_good_course_has_a_mutation_score(outcome: Outcome) -> None:
    """Each mistake that was made in the solution is counted, and all were noticed."""
    (score,) = outcome.scores
    assert (score.course, score.assignment, score.problem) == ("good", "sums", "")
    assert score.killed == score.total > 4
    assert score.survivors == ()


def test_every_slow_rule_has_a_bad_example() -> None:
    """No slow rule is left out above."""
    assert set(BAD) == {rule.name for rule in SLOW}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("rule", BAD)
def test_a_bad_example_is_found(good: Path, rule: str) -> None:
    """The rule names what is wrong, in the file that is to be mended, and a remedy."""
    file, old, new, words = BAD[rule]
    if old is None:
        (good / file).write_text(new)
    else:
        edit(good / file, old, new.replace("ORDER", order_with_seed_0()))
    found = [one for one in graded(good).findings if one.rule == rule]
    assert words in found[0].sentence
    assert found[0].file.startswith("courses/good/")
    assert found[0].remedy


def order_with_seed_0() -> str:
    """Return how Python shows a set of six letters as a list where its hash seed is 0."""
    import subprocess
    import sys

    program = "print(list({'a', 'b', 'c', 'd', 'e', 'f'}))"
    return subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.usefixtures("settled")
def test_a_mistake_that_nothing_notices_is_shown(good: Path) -> None:
    """A survivor is told with its line and what was done to the solution there."""
    edit(good / TASK, HIDDEN, "assert total([19, 23, 5, -1], 19) in (42, 18)")
    edit(good / TASK, "return sum(chosen)", "return sum(chosen, 0)")
    (score,) = graded(good).scores
    assert score.killed < score.total
    assert {line for line, _ in score.survivors} <= {10, 11}


@pytest.mark.usefixtures("settled")
def test_where_the_quick_way_differs_nbgrader_grades(good: Path) -> None:
    """A test that passes in a real kernel only: there is no score, and the author's mutants are graded all the same."""
    edit(
        good / TASK,
        HIDDEN,
        f"{HIDDEN}\nimport ipykernel.kernelapp\nassert ipykernel.kernelapp.IPKernelApp.initialized()",
    )
    edit(good / "mutants/sums/all.md", "return sum(numbers)", "return sum(n for n in numbers if n >= least)")
    outcome = graded(good)
    told = {(one.rule, one.file.rpartition("/")[2]) for one in outcome.findings}
    assert told == {("mutants-are-caught", "all.md"), ("mutation-score", "sums.md")}
    assert "could not be computed" in outcome.findings[-1].sentence
