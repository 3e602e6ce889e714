"""Each rule that releases and grades passes on a good course and fails on a bad example of its own."""

import sys
from pathlib import Path

import pytest

from aula import kernel
from aula.check import check, selection
from aula.check.finding import Outcome
from aula.check.rule import Rule
from aula.check.sizes import OTHER_SEED
from tests.aula.check.good_course import write_course
from tests.aula.small_course import edit

TASK = "assignments/sums/sums.md"
HIDDEN = "assert total([19, 23, 5], 19) == 42"
# For each rule: a file, what to put in place of what, words of the sentence.
BAD = {
    "release-is-clean": ("assignments/sums/notes.txt", None, "    return sum(chosen)\n", "It cannot be released"),
    "reference-earns-all": (
        TASK,
        HIDDEN,
        "assert total([1], 1) == 2",
        "The reference earns 1 of 3 points; it fails total",
    ),
    "reference-is-judged": (
        TASK,
        HIDDEN,
        f'import sys\nassert hasattr(sys.modules["__main__"], "total")\n{HIDDEN}',
        "The test 'total-hidden' does not pass in the sandbox",
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
        "assert answer == 4\n```",
        "open('seen', 'w').close()\n```",
        "The test 'total-hidden' fails for the reference",
    ),
    "mutation-score": (TASK, HIDDEN, "assert total([23], 5) == 23", "The tests notice"),
}
SLOW = selection.rules(list(BAD))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the slow rules find in the good course."""
    return graded(write_course(tmp_path_factory.mktemp("good")))


def graded(folder: Path, rules: tuple[Rule, ...] = SLOW) -> Outcome:
    """Return what the rules that release and grade, or some of them, find in the course in folder."""
    with kernel.settled(Path(sys.executable).parent):
        return check.check(folder.parents[1], [folder], rules)


def test_a_good_course_has_no_finding(outcome: Outcome) -> None:
    """All slow rules pass on the course that the bad examples are made of."""
    assert outcome.findings == ()


def test_a_good_course_has_a_mutation_score(outcome: Outcome) -> None:
    """Each mistake that was made in the solution is counted, and all were noticed."""
    (score,) = outcome.scores
    assert (score.course, score.assignment, score.problem) == ("good", "sums", "")
    assert score.killed == score.total > 4
    assert score.survivors == ()


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_example_is_found(good: Path, rule: str) -> None:
    """The rule names what is wrong, in the file that is to be mended, and a remedy."""
    file, old, new, words = BAD[rule]
    if old is None:
        (good / file).write_text(new)
    else:
        edit(good / file, old, new)
    if rule == "deterministic":
        edit(good / file, HIDDEN, f"{HIDDEN}\nimport os\nassert os.path.exists('seen')")
    found = [one for one in graded(good, selection.rules([rule])).findings]
    assert words in found[0].sentence
    assert found[0].file.startswith("courses/good/")
    assert found[0].remedy


def test_another_hash_seed_is_tried(good: Path) -> None:
    """A test that fails with another hash seed is found, though it stays at its place."""
    edit(good / TASK, HIDDEN, f'{HIDDEN}\nimport os\nassert os.environ.get("PYTHONHASHSEED") != "{OTHER_SEED}"')
    assert [one.rule for one in graded(good).findings] == ["deterministic"]


def test_a_mistake_that_nothing_notices_is_shown(good: Path) -> None:
    """A survivor is told with its line and what was done to the solution there."""
    edit(good / TASK, HIDDEN, "assert total([19, 23, 5], 18) == 42")
    (score,) = graded(good).scores
    assert score.survivors == ((10, "'number > least' instead of 'number >= least'"),)
    assert score.killed == score.total - 1


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
    assert told == {(rule, "sums.md") for rule in ("mutation-score", "reference-is-judged")} | {
        ("mutants-are-caught", "all.md")
    }
    assert "could not be computed" in outcome.findings[-1].sentence


READ = "{grade: true, grade_id: why, locked: false, points: 1, solution: true, schema_version: 3}"


def test_what_a_person_reads_counts_nowhere(good: Path) -> None:
    """An answer in code that a person reads is not changed, and an assignment without tests is not graded."""
    answer = f"```{{code-cell}}\n:nbgrader: {READ}\nwhy = 'commutative'\n```\n"
    with (good / TASK).open("a") as file:
        file.write(f"\n{answer}")
    folder = good / "assignments/essay"
    folder.mkdir()
    (folder / "essay.md").write_text(f"# Essay\n\n{answer}")
    edit(good / "course.yml", "points: 3", "points: 4")
    with (good / "course.yml").open("a") as file:
        file.write("  - {name: essay, title: Essay, points: 1, due_days: 7}\n")
    outcome = graded(good)
    assert outcome.findings == ()
    assert [(score.assignment, score.survivors) for score in outcome.scores] == [("sums", ())]


def test_a_wrong_answer_that_replaces_nothing_is_told_once(good: Path) -> None:
    """It is the assignment as it is, and earns every point: no test is missing for that."""
    edit(good / "mutants/sums/all.md", "grade_id: total", "grade_id: totall")
    rules = selection.rules(["author-mutants", "mutants-are-caught"])
    assert [one.rule for one in graded(good, rules).findings] == ["author-mutants"]
