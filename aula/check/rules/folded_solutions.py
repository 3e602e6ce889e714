"""Each exercise has a solution, and it is folded."""

import re
from collections.abc import Iterator

from aula.check.exercises import exercises
from aula.check.rule import Problem, Rule
from aula.check.view import View

FOLDED = re.compile(r"<details\b")
OPEN = re.compile(r"<details\s[^>]*\bopen\b")
TITLE = re.compile(r"(solutions?|answers?)\b", re.IGNORECASE)


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.lessons:
        for exercise in exercises(page):
            first = exercise.heading.line
            later = (h.line for h in page.headings if h.line > first and h.level <= exercise.heading.level)
            last = next(later, len(page.text.splitlines()) + 1)
            cells = [cell for cell in page.cells if first <= cell.line < last]
            below = "\n".join(page.text.splitlines()[first : last - 1])
            if not FOLDED.search(below) and not any("solution" in cell.tags for cell in cells):
                yield Problem(page.path, f"Exercise {exercise.number} has no folded solution.", first)
        for cell in page.prose:
            for found in OPEN.finditer(cell.source):
                line = cell.line + cell.source.count("\n", 0, found.start())
                yield Problem(page.path, "A <details> is open from the start.", line, cell.number)
        for heading in page.headings:
            if TITLE.match(heading.title):
                yield Problem(page.path, f"The solution below '{heading.title}' is not folded.", heading.line)


RULE = Rule(
    name="folded-solutions",
    title="every exercise has a solution, and it is folded",
    why="A solution in sight is read before the exercise. An exercise without one leaves people alone in the evening.",
    bad="### Exercise 1: write it\n\n#### Solution\n\n`sum(numbers)`",
    good="### Exercise 1: write it\n\n```{code-cell}\n:tags: [solution]\nsum(numbers)\n```",
    remedy="Tag the cell of code 'solution', or put the text into '<details><summary>Solution</summary> … </details>'.",
    find=_find,
)
