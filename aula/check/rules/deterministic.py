"""The same work gets the same points: with another hash seed, and with the tests in another order."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        if bench.reference.failed or not bench.quick_is_right:
            continue
        for name in bench.lost_on_repetition():
            said = f"The test '{name}' fails for the reference when Python's hash seed and the tests' order change."
            number = next(cell.number for cell in bench.page.cells if cell.grade_id == name)
            yield Problem(bench.page.path, said, bench.page.line_of_cell(number), number)


RULE = Rule(
    name="deterministic",
    title="the reference earns the same with another hash seed and the tests in another order",
    why="A mark that depends on luck is no mark. Neighbouring tests that need nothing of each other change places.",
    bad="assert list(set(words))[0] == 'bread'",
    good="assert sorted(set(words))[0] == 'bread'",
    remedy="Sort what has no order, seed what is random, and let each test make what it needs.",
    find=_find,
    slow=True,
)
