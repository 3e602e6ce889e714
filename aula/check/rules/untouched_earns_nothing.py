"""Who hands in the assignment as it came earns nothing."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        points = bench.untouched
        if points.earned:
            given = [name for name, _ in bench.tests.values() if name not in points.failed]
            said = f"Without any work it earns {points.earned:g} of {points.possible:g} points"
            yield Problem(bench.page.path, f"{said}, by {', '.join(given)}.")


RULE = Rule(
    name="untouched-earns-nothing",
    title="the untouched student version earns nothing",
    why="A test that passes without an answer tests nothing, and gives points away.",
    bad="assert True      # a test worth 2 points",
    good="assert type(total([1])) is int",
    remedy="Let the test use the answer.",
    find=_find,
    slow=True,
)
