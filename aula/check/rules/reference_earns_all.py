"""The author's own solution earns every point."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        points = bench.reference
        if points.earned < points.possible:
            said = f"The reference earns {points.earned:g} of {points.possible:g} points; it fails"
            yield Problem(bench.page.path, f"{said} {', '.join(points.failed)}.")


RULE = Rule(
    name="reference-earns-all",
    title="the reference solution earns every point",
    why="If the author cannot pass, nobody can. The stock nbgrader grades it here, as it will grade trainees.",
    bad="return sum(numbers) + 1      # and a hidden test that wants 42",
    good="return sum(numbers)",
    remedy="Correct the solution or the test; both are in the assignment's text.",
    find=_find,
    slow=True,
)
