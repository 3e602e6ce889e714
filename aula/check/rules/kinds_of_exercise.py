"""A course has at least three kinds of exercise."""

from collections.abc import Iterator

from aula.check.exercises import KINDS, exercises
from aula.check.rule import Problem, Rule
from aula.check.view import View

LEAST = 3


def _find(view: View) -> Iterator[Problem]:
    found = {kind for _, page in view.lessons for exercise in exercises(page) for kind in exercise.kinds}
    if len(found) < LEAST and len(view.lessons) == len(view.course.lessons):
        names = ", ".join(sorted(found)) or "none"
        yield Problem(
            view.course.lessons_folder, f"The course has {len(found)} kinds of exercise ({names}), not {LEAST}."
        )


RULE = Rule(
    name="kinds-of-exercise",
    title=f"a course has at least {LEAST} kinds of exercise",
    why="Who only ever writes code does not learn to read a log, nor to foresee what a line does.",
    bad="### Exercise 1: write it\n…\n### Exercise 2: write another",
    good="### Exercise 1: predict (2 minutes)\n…\n### Exercise 2: repair it (5 minutes)\n…\n### Exercise 3: write it",
    remedy=f"Name the kind in the exercise's heading: {', '.join(KINDS)}.",
    find=_find,
)
