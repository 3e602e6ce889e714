"""A lesson ends with its key points and the next step."""

import re
from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.lessons:
        points, step = page.find("Key points"), page.find("Next step")
        if points is None:
            yield Problem(page.path, "The section 'Key points' is missing.")
        elif not re.search(r"^\s*[-*\d]", page.section(points), re.MULTILINE):
            yield Problem(page.path, "The section 'Key points' has no list.", points.line)
        if step is None:
            yield Problem(page.path, "The section 'Next step' is missing.")
        elif not page.section(step).strip():
            yield Problem(page.path, "The section 'Next step' is empty.", step.line)


RULE = Rule(
    name="key-points",
    title="a lesson ends with key points and the next step",
    why="What people keep of an hour is a handful of sentences. Who has finished wants to know what comes.",
    bad="## The end",
    good="## Key points\n\n- A sum of nothing is 0.\n\n## Next step\n\nDo the assignment *Sums*.",
    remedy="End the lesson with '## Key points', a list, and '## Next step'.",
    find=_find,
)
