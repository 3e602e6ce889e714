"""Each of the author's wrong answers loses points."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        for mutant in () if bench.reference.failed else bench.survived():
            yield Problem(mutant.path, f"This wrong answer earns every point of '{bench.task.name}'.")


RULE = Rule(
    name="mutants-are-caught",
    title="each of the author's wrong answers loses points",
    why="Who makes a typical mistake must hear of it from the tests, not from a customer.",
    bad="mutants/sums/forgets-the-last.md, and no test with a last number that counts",
    good="### BEGIN HIDDEN TESTS\nassert total([20, 22]) == 42\n### END HIDDEN TESTS",
    remedy="Add a hidden test that fails for it.",
    find=_find,
    slow=True,
)
