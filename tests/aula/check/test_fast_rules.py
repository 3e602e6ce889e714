"""Each rule that only reads passes on a good course and fails on a bad example of its own."""

from pathlib import Path

import pytest

from aula.authoring import template
from aula.check import check, selection
from aula.check.finding import Finding
from aula.check.rules import own_words
from tests.aula.small_course import edit

LESSON, TASK, CARD = "lessons/01-sums.md", "assignments/sums/sums.md", "data/README.md"
ANSWER = "print(sum(range(size)))"
VALUE = "assert answer == 4"
# For each rule: a file, what to put in place of what, the line told (None: the file as a whole), words of the sentence.
BAD: dict[str, list[tuple[str, str, str, int | None, str]]] = {
    "contract": [
        ("course.yml", "summary:", "sumary:", 2, "did you mean 'summary'"),
        ("course.yml", "file: 01-sums", "file: 02-sums", None, "01-sums.md exists, but key 'lessons' does not list it"),
    ],
    "sound-notebooks": [
        (LESSON, "[solution]", "[solutoin]", None, "Unknown tag 'solutoin'"),
        (LESSON, f"{ANSWER}\n```", ANSWER, 38, "starts inside this fence"),
        (LESSON, "alt: A line that", "alt: A line: that", 51, "Mend the YAML"),
        ("mutants/sums/all.md", "sum(numbers)\n```", "sum(numbers)\n", 1, "never closed"),
    ],
    "course-kernel": [
        (LESSON, "name: python3", "name: torch", 1, "the kernel 'torch', and the course's notebooks run on 'python3'"),
        (TASK, "# Sums", "---\nkernelspec:\n  display_name: T\n  name: torch\n---\n\n# Sums", 1, "'python3'"),
    ],
    "course-pages": [
        ("index.md", "## Schedule", "## Plan", None, "'Schedule' is missing"),
        ("instructor.md", "", "", None, "instructor.md is missing"),
    ],
    "lesson-header": [
        (LESSON, "**Teaching** | 20", "**Teaching** | 25", 11, "25 minutes of teaching, course.yml says 20"),
        (LESSON, "| **Exercises** | 10 minutes |\n", "", None, "'**Exercises** | 10 minutes' is missing"),
        (
            "course.yml",
            "minutes_exercises: 10",
            "minutes_exercises: 10\n    minutes_lab: 5",
            None,
            "'**For the lab** | 5",
        ),
        (LESSON, "## Objectives", "## Aims", None, "'Objectives' is missing"),
        (LESSON, "**Before you start.**", "Mind:", None, "what to know before"),
    ],
    "one-hour": [
        ("course.yml", "minutes_teaching: 20", "minutes_teaching: 51", None, "61 minutes, more than an hour"),
        (LESSON, "predict (5 minutes)", "predict", 43, "Exercise 2 does not say its minutes"),
        (LESSON, "predict (5 minutes)", "predict (6 minutes)", None, "have 11 minutes together, course.yml says 10"),
        (LESSON, "predict (5 minutes)", "predict (5 minutes, for the lab)", None, "the lab have 5 minutes together"),
    ],
    "objectives-exercised": [
        (LESSON, " (exercise 2)", "", 18, "'**predict** a sum' names no exercise"),
        (LESSON, "(exercise 1)", "(exercise 3)", 16, "names exercise 3, which is not there"),
    ],
    "kinds-of-exercise": [(LESSON, "write it, measure it", "write it", None, "2 kinds of exercise (predict, write)")],
    "folded-solutions": [
        (LESSON, ":tags: [solution]\n", "", 31, "Exercise 1 has no folded solution"),
        (LESSON, "<details>", "<details open>", 45, "is open from the start"),
        (LESSON, "## Key points", "### Solution of exercise 1\n\n## Key points", 61, "is not folded"),
    ],
    "key-points": [
        (LESSON, "## Key points", "## The end", None, "'Key points' is missing"),
        (LESSON, "- A sum", "A sum", 61, "has no list"),
        (LESSON, "## Next step", "## Then", None, "'Next step' is missing"),
        (LESSON, "Do the assignment.", "", 65, "is empty"),
    ],
    "alt-text": [
        (LESSON, "![Three bars, each as high as its number]", "![]", 27, "An image has no alt text"),
        (LESSON, "![Three bars, each as high as its number](bars.png)", '<img src="bars.png">', 27, "An image"),
        (LESSON, "Three.", "```{figure} bars.png\n:width: 50%\n```", 47, "A figure has no alt text"),
        (LESSON, "    alt: A line that goes up from the left to the right", "    width: 5", 57, "draws a figure"),
        (LESSON, "    alt: A line that", "    so: 1\n    alt: A line that", 58, "Unknown key 'so' under"),
    ],
    "links-lead-somewhere": [
        (LESSON, "(bars.png)", "(bras.png)", 27, "'bras.png' leads nowhere"),
        (LESSON, "Do the assignment.", "Do\n[it](../assignments/sum/sums.md).", 68, "leads nowhere"),
        (LESSON, "Three.", "```{figure} bras.png\n:alt: Three bars of blue\n```", 47, "leads nowhere"),
        (LESSON, "Three.", '<img src="bras.png" alt="Three blue bars">', 47, "leads nowhere"),
        ("index.md", "# Sums\n", "# Sums\n\n[Teach](instructor.md)\n", 3, "'instructor.md' is no page of the book"),
        ("index.md", "# Sums\n", "# Sums\n\n[Do](course.yml)\n", 3, "does not travel into the book"),
        ("instructor.md", "# ", "[Next](02-more.md)\n\n# ", 1, "'02-more.md' leads nowhere"),
        (LESSON, "Three.", "Three {cite}`knuth`.", 47, "'knuth' is cited, and in no bibliography"),
    ],
    "heading-order": [
        (LESSON, "## Objectives", "#### Objectives", 14, "below one of level 1"),
        (LESSON, "## Adding", "# Adding", 29, "'Adding' is a second title"),
        ("index.md", "# Sums\n", "", None, "does not begin with a title"),
    ],
    "minutes-add-up": [("course.yml", "minutes: 60", "minutes: 90", 8, "90 minutes, its lessons and assignments")],
    "python-code": [(LESSON, ANSWER, f"size = 3\n{ANSWER[:-1]}", 41, "is no Python: '(' was never closed")],
    "parameters-cell": [
        (LESSON, ":tags: [parameters]\n", "", None, "No cells are tagged 'parameters'"),
        (LESSON, "size = 3", "size = len('abc')", 24, "does not set a plain value"),
        ("course.yml", "{size: 7}", "{sise: 7}", 15, "did you mean 'size'"),
    ],
    "second-size": [
        (
            "course.yml",
            "    parameters:\n      node: {size: 7}\n",
            "",
            12,
            "'size', and course.yml has no second value",
        ),
        ("course.yml", "{size: 7}", "{size: 3}", 15, "'size', and course.yml has no second"),
    ],
    "time-limit": [
        ("course.yml", "minutes_exercises: 10", "minutes_exercises: 10\n    time_limit_s: 90", 15, "waits for Slurm")
    ],
    "no-includes": [
        (LESSON, "You can count.", "Yes.\n\n```{include} 01-sums.md\n```", 22, "It includes '01-sums.md'"),
        ("index.md", "All.", ":::{literalinclude} instructor.md\n:::", 5, "It includes 'instructor.md'"),
    ],
    "no-network": [
        (LESSON, ANSWER, f"!pip install pandas\n{ANSWER}", 40, "calls pip"),
        (
            LESSON,
            ANSWER,
            "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])",
            41,
            "pip",
        ),
        (LESSON, ANSWER, "from urllib.request import urlopen", 40, "imports urllib.request"),
        (
            LESSON,
            ANSWER,
            "import pandas\npandas.read_csv('https://example.org/a.csv')",
            41,
            "https://example.org/a.csv",
        ),
        (LESSON, ANSWER, "import seaborn\nseaborn.load_dataset('flights')", 41, "downloads by seaborn.load_dataset"),
    ],
    "no-absolute-paths": [
        (LESSON, "../data/table.csv", "/home/ana/table.csv", 35, "/home/ana/table.csv is absolute"),
        (LESSON, "../data/table.csv", "/data/table.csv", 35, "/data/table.csv is absolute"),
        (LESSON, "You can count.", "Look into /scratch/ana first.", 20, "/scratch/ana is absolute"),
    ],
    "no-site-names": [
        (LESSON, "You can count.", "You have an account on MareNostrum.", 20, "'MareNostrum' is a name of one site"),
        (LESSON, ANSWER, 'script = "#SBATCH --partition=interactive"', 40, "'--partition=interactive'"),
    ],
    "data-cards": [
        (CARD, "", "", None, "It has no data card"),
        (CARD, "- Bias: none\n", "", None, "does not state the bias"),
        (CARD, "table.csv sha256", "other.csv", None, "table.csv is not in the data card"),
        ("data/table.csv", "a,b", "a,c", None, "table.csv is not the one that the data card names"),
        ("data/table.csv", "a,b\n", "a" * 2**21, None, "larger than 1 MB"),
    ],
    "own-words": [
        ("index.md", "# Sums\n", "# Sums\n\nTwice the data can be four times the work.\n", 3, "left from the template"),
        ("instructor.md", "Twenty", "- A faster machine will do.\n\nTwenty", 3, "left from the template"),
    ],
    "licence-and-citation": [
        ("LICENSE.md", "MIT", "BSD", None, "The licence 'MIT' of course.yml is not named"),
        ("LICENSE.md", "", "", None, "The licence is missing"),
        ("CITATION.cff", "title: Sums\n", "", None, "'title' is missing"),
        ("CITATION.cff", "authors: [", "authors: [[", None, "is not YAML"),
        ("CITATION.cff", "", "", None, "CITATION.cff is missing"),
    ],
    "markers": [
        (TASK, "### BEGIN SOLUTION", "## BEGIN SOLUTION", 7, "Malformed marker '## BEGIN SOLUTION'"),
        (TASK, "solution: true", "solution: false", None, "Has no solution"),
    ],
    "marks": [
        (TASK, "points: 2", "points: 5", None, "worth 6 points, but course.yml says 3"),
        (TASK, "grade_id: total-hidden", "grade_id: total-public", 24, "'total-public' is cell 3's"),
    ],
    "readable-grade-ids": [
        (TASK, "total-public", "cell-3f2a91c0", 17, "'cell-3f2a91c0' tells nobody"),
        (TASK, "total-public", "TotalPublic", 17, "'TotalPublic' tells nobody"),
    ],
    "hidden-tests": [
        (TASK, "### BEGIN HIDDEN TESTS\n", "", 7, "has no hidden test"),
        (TASK, "assert type(answer) is int\nassert answer == 4", "print(answer)", 7, "has no public test"),
    ],
    "public-tests": [
        (TASK, VALUE, "assert answer == 5", 19, "'answer == 5' tells the answer"),
        (TASK, VALUE, "assert 42 == total([19, 23, 5], 19)", 19, "tells the answer"),
    ],
    "judged-apart": [(TASK, VALUE, f"{VALUE}\nassert 'total' in dir()", 20, "calls dir()")],
    "no-wall-clock": [(TASK, VALUE, "import time\nassert time.perf_counter() > 0", 20, "looks at the clock")],
    "author-mutants": [
        ("mutants/sums/all.md", "", "", None, "keeps 2 wrong answers, not 3"),
        ("mutants/sums/all.md", "grade_id: total", "grade_id: totall", None, "no cell with the grade_id 'totall'"),
        ("mutants/sums/all.md", ":nbgrader:", ":other:", None, "replaces no answer"),
    ],
}
TEMPLATE: dict[str, object] = {
    **{"name": "x", "title": "X", "authors": ["Ana"], "year": 2026, "schema": None},
    "lesson": {"file": "01-x", "title": "X", "minutes_teaching": 1, "minutes_exercises": 1},
}
CASES = [(rule, *case) for rule, cases in BAD.items() for case in cases]
FAST = selection.rules(fast=True)


def findings(folder: Path) -> tuple[Finding, ...]:
    """Return what the fast rules find in the course in folder."""
    return check.check(folder.parents[1], [folder], FAST).findings


def test_a_good_course_has_no_finding(good: Path) -> None:
    """All fast rules pass on the course that the bad examples are made of."""
    assert findings(good) == ()


@pytest.mark.parametrize(("rule", "file", "old", "new", "line", "words"), CASES)
def test_a_bad_example_is_found(
    good: Path, rule: str, file: str, old: str, new: str, line: int | None, words: str
) -> None:
    """The rule names what is wrong, with the line where it is known, and a remedy."""
    if old:
        edit(good / file, old, new)
    else:
        (good / file).unlink()
    found = [one for one in findings(good) if one.rule == rule and words in one.sentence]
    assert [one.line for one in found] == [line]
    assert found[0].remedy


def test_broken_yaml_of_a_cell_asks_for_quotes(good: Path) -> None:
    """What helps against a colon in a text is not to close a fence."""
    edit(good / LESSON, "alt: A line that", "alt: A line: that")
    assert [one.remedy for one in findings(good)] == ['Put the text in quotes, as alt: "What it shows".']


FINE = {
    "an example of the text in a public test": (TASK, VALUE, "assert total([4, 1], 3) == 4"),
    "a length in a public test": (TASK, VALUE, "assert len(str(total([100, 1], 3))) == 3"),
    "an address in a comment": (LESSON, ANSWER, f"{ANSWER}  # see https://example.org"),
    "a program of the system": (LESSON, ANSWER, 'script = "#!/bin/bash"\nshell = "/bin/bash"'),
    "a partition that is asked for": (LESSON, ANSWER, 'name = "x"\nscript = f"#SBATCH --partition={name}"'),
    "code that is to fail": (LESSON, f":tags: [solution]\n{ANSWER}", ":tags: [solution, raises-exception]\nprint("),
    "IPython's help": (LESSON, ANSWER, f"%time {ANSWER}\nsum?\n?sum.__doc__"),
    "a figure by another way": (LESSON, "Three.", "```{figure} bars.png\n:alt: three bars of equal height\n```"),
}


@pytest.mark.parametrize(("file", "old", "new"), FINE.values(), ids=FINE)
def test_what_is_fine_is_not_found(good: Path, file: str, old: str, new: str) -> None:
    """What only looks like a breach of a rule is left alone."""
    edit(good / file, old, new)
    assert findings(good) == ()


def test_a_lesson_that_waits_for_slurm_may_take_its_time(good: Path) -> None:
    """A time limit above a minute is fine where some cell hands work to Slurm."""
    edit(good / "course.yml", "minutes_exercises: 10", "minutes_exercises: 10\n    time_limit_s: 90")
    assert [one.rule for one in findings(good)] == ["time-limit"]
    edit(good / LESSON, ANSWER, 'order = "sbatch job.sh"')
    assert findings(good) == ()


def test_sentences_of_the_template_are_there() -> None:
    """What the rule own-words looks for is what the template says."""
    texts = template.filled("course", TEMPLATE)
    said = "\n".join(texts[name] for name in own_words.FILES)
    assert [sentence for sentence in own_words.SENTENCES if sentence not in said] == []
    assert own_words.SUMMARY in texts["course.yml"]
