"""A small course that keeps every rule; tests break it in one place each."""

import hashlib
from pathlib import Path

CONTRACT = """\
title: Sums
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
  - file: 01-sums
    minutes_teaching: 20
    minutes_exercises: 10
    parameters:
      node: {size: 7}
assignments:
  - name: sums
    title: Sums
    points: 3
    minutes: 30
    due_days: 7
"""

LESSON = """\
---
kernelspec:
  display_name: Python 3
  name: python3
---

# Sums

| | |
|---|---|
| **Teaching** | 20 minutes |
| **Exercises** | 10 minutes |

## Objectives

1. **write** a sum, and
   **measure** it (exercise 1);
2. **predict** a sum (exercise 2).

**Before you start.** You can count.

```{code-cell}
:tags: [parameters]
size = 3  # how many numbers
```

![Three bars, each as high as its number](bars.png)

## Adding

### Exercise 1: write it, measure it (5 minutes)

```{code-cell}
:tags: [exercise]
print(open("../data/table.csv").read())
```

```{code-cell}
:tags: [solution]
print(sum(range(size)))
```

### Exercise 2: predict (5 minutes)

<details><summary>Solution</summary>

Three.

</details>

```{code-cell}
---
mystnb:
  image:
    alt: A line that goes up from the left to the right
---
import matplotlib.pyplot as plt
plt.plot([1, 2])
```

## Key points

- A sum of nothing is 0.

## Next step

Do the assignment.
"""

INDEX = "# Sums\n\n## For whom\n\nAll.\n\n## Schedule\n\nToday.\n\n## Key points\n\n- Sums add up.\n"
CARD = "- Source: made for the tests\n- Licence: CC0\n- Bias: none\n- table.csv sha256 {}\n"
TABLE = "a,b\n"
CITATION = "cff-version: 1.2.0\nmessage: Please cite.\ntitle: Sums\nauthors: [{name: Ana}]\n"

TASK = '''\
# Sums

Write `total(numbers, least)`: the sum of the numbers that are at least so large. `total([4, 1], 3)` is 4.

```{code-cell}
:nbgrader: {grade: false, grade_id: total, locked: false, solution: true, schema_version: 3}
def total(numbers, least):
    """Return the sum of the large numbers."""
    ### BEGIN SOLUTION
    chosen = [number for number in numbers if number >= least]
    return sum(chosen)
    ### END SOLUTION
```

```{code-cell}
:nbgrader: {grade: true, grade_id: total-public, locked: true, points: 1, solution: false, schema_version: 3}
answer = total([4, 1], 3)
assert type(answer) is int
assert answer == 4
```

```{code-cell}
:nbgrader: {grade: true, grade_id: total-hidden, locked: true, points: 2, solution: false, schema_version: 3}
### BEGIN HIDDEN TESTS
assert total([19, 23, 5], 19) == 42
### END HIDDEN TESTS
```
'''

MUTANT = """\
```{{code-cell}}
:nbgrader: {{grade: false, grade_id: total, locked: false, solution: true, schema_version: 3}}
def total(numbers, least):
    return {}
```
"""
MISTAKES = {
    "all": "sum(numbers)",
    "none": "0",
    "larger": "sum(n for n in numbers if n > least)",
}


def write_course(root: Path) -> Path:
    """Write the course under root/courses; return its folder."""
    folder = root / "courses" / "good"
    texts = {
        "course.yml": CONTRACT,
        "index.md": INDEX,
        "instructor.md": "# For the instructor\n\nTwenty minutes.\n",
        "LICENSE.md": "Text CC-BY-4.0, code MIT.\n",
        "CITATION.cff": CITATION,
        "lessons/01-sums.md": LESSON,
        "lessons/bars.png": "",
        "data/table.csv": TABLE,
        "data/README.md": CARD.format(hashlib.sha256(TABLE.encode()).hexdigest()),
        "assignments/sums/sums.md": TASK,
        **{f"mutants/sums/{name}.md": MUTANT.format(value) for name, value in MISTAKES.items()},
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
