"""A small course that the tests write, break, execute and release."""

from pathlib import Path
from xml.etree import ElementTree

from aula import catalogue
from aula.catalogue import Course

CONTRACT = """\
title: Small course
summary: A course for the tests.
authors: [Ana]
licence: {text: CC-BY-4.0, code: MIT}
languages: [en]
paths: [hpc-user]
skills: [USE1.1]
minutes: 60
profile: {cores: 1, memory_gb: 1, minutes: 30}
pass_mark: 60
lessons:
  - file: 01-hello
    minutes_teaching: 5
    minutes_exercises: 5
    time_limit_s: 30
    parameters:
      node: {size: 7}
assignments:
  - name: sums
    title: Sums
    points: 3
    due_days: 7
"""

LESSON = """\
# Hello

```{code-cell} ipython3
:tags: [parameters]
size = 3
```

```{code-cell} ipython3
:tags: [instructor]
answer_for_the_instructor = 42
```

```{code-cell} ipython3
from helper import double
print("twice:", double(size), open("../data/table.csv").read().strip())
```

```{code-cell} ipython3
:tags: [solution]
print("solved")
```
"""

TOTAL = "grade: false, grade_id: total, locked: false, solution: true"
TEST = "grade: true, grade_id: total-test, locked: true, points: 2, solution: false"
WHY = '"grade": true, "grade_id": "why", "locked": false, "points": 1, "solution": true'
SOLUTION = """\
    ### BEGIN SOLUTION
    return sum(numbers, start=0)
    ### END SOLUTION
"""
HIDDEN = """\
### BEGIN HIDDEN TESTS
assert total([19, 23]) == 42
### END HIDDEN TESTS
"""
TASK = f'''\
# Sums

```{{code-cell}} ipython3
:nbgrader: {{{TOTAL}, schema_version: 3}}
def total(numbers):
    """Return the sum."""
{SOLUTION}```

```{{code-cell}} ipython3
:nbgrader: {{{TEST}, schema_version: 3}}
assert isinstance(total([1]), int)
{HIDDEN}```

+++ {{"nbgrader": {{{WHY}, "schema_version": 3}}}}

Because adding is commutative.
'''


def write_course(root: Path) -> Path:
    """Write the small course under root/courses; return its folder."""
    folder = root / "courses" / "small"
    texts = {
        "course.yml": CONTRACT,
        "lessons/01-hello.md": LESSON,
        "lessons/helper.py": "def double(n):\n    return 2 * n\n",
        "data/table.csv": "a,b\n",
        "data/README.md": "Made for the tests.\n",
        "assignments/sums/sums.md": TASK,
        "assignments/sums/numbers.txt": "1 2 3\n",
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def junit(path: Path) -> ElementTree.Element:
    """Return the root of a JUnit report."""
    return ElementTree.parse(path).getroot()  # noqa: S314 - our own report, not somebody's


def load(folder: Path) -> Course:
    """Return the small course as the catalogue reads it."""
    return catalogue.load(folder.parents[1]).course(folder.name)


def edit(path: Path, old: str, new: str) -> None:
    """Replace old, which must be there, by new in the file at path."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def released_text(run_dir: Path) -> str:
    """Return all the text of the released notebook."""
    return (run_dir / "release/sums/sums.ipynb").read_text(encoding="utf-8")
