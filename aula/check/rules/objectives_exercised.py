"""Every objective names an exercise of the lesson in which it is shown."""

import re
from collections.abc import Iterator

from aula.check.exercises import exercises
from aula.check.rule import Problem, Rule
from aula.check.view import View

ITEM = re.compile(
    r"^[ \t]*(?:\d+[.)]|[-*])[ \t]+((?:.+\n?)(?:^(?![ \t]*(?:\d+[.)]|[-*])[ \t]|\s*$).+\n?)*)", re.MULTILINE
)
NAMED = re.compile(r"\(exercises? ([\d, and]+)\)", re.IGNORECASE)


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.lessons:
        heading = page.find("Objectives")
        if heading is None:
            continue
        known = {exercise.number for exercise in exercises(page)}
        section = page.section(heading)
        items = list(ITEM.finditer(section))
        if not items:
            yield Problem(page.path, "The section 'Objectives' has no list.", heading.line)
        for item in items:
            line = heading.line + section.count("\n", 0, item.start()) + 1
            numbers = {int(n) for names in NAMED.findall(item[1]) for n in re.findall(r"\d+", names)}
            said = " ".join(item[1].split()).rstrip(".;")
            if not numbers:
                yield Problem(page.path, f"The objective '{said}' names no exercise.", line)
            for number in sorted(numbers - known):
                yield Problem(page.path, f"The objective '{said}' names exercise {number}, which is not there.", line)


RULE = Rule(
    name="objectives-exercised",
    title="every objective names the exercise in which it is shown",
    why="What nobody has to do, nobody learns to do. An objective without an exercise is a wish.",
    bad="## Objectives\n\n1. **understand** sums.",
    good="## Objectives\n\n1. **write** a sum (exercise 1).\n\n…\n\n### Exercise 1: write it (5 minutes)",
    remedy="End the objective with '(exercise N)', and call that exercise '### Exercise N: …'.",
    find=_find,
)
