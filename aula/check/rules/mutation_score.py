"""Tests notice most of the small mistakes that a program makes in the solution."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View

LEAST_PERCENT = 90
SHOWN = 5


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        score = bench.score
        if score.problem:
            yield Problem(bench.page.path, f"The mutation score could not be computed: {score.problem}.")
        elif score.total and score.percent < LEAST_PERCENT:
            told = "; ".join(f"line {line}: {mistake}" for line, mistake in score.survivors[:SHOWN])
            said = f"The tests notice {score.killed} of {score.total} mistakes: {score.percent:.0f} %."
            yield Problem(bench.page.path, f"{said} Not noticed: {told}.", score.survivors[0][0])


RULE = Rule(
    name="mutation-score",
    title=f"tests notice at least {LEAST_PERCENT} % of automatic mistakes in the solution",
    why="A statement or a line of a text left out, a comparison turned round, a constant returned, a number off by "
    "one: each is made in the solution, and the tests are run. What no test notices, a trainee may do wrong and get "
    "full marks.",
    bad="### BEGIN HIDDEN TESTS\nassert total([0]) == 0\n### END HIDDEN TESTS",
    good="### BEGIN HIDDEN TESTS\nassert total([20, 22]) == 42 and total([]) == 0\n### END HIDDEN TESTS",
    remedy="Add hidden tests for the lines named; a mistake that changes nothing may stay.",
    find=_find,
    slow=True,
)
