"""The author's own solution earns every point where tests run apart from it."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for bench in view.laboratory.tested:
        if not bench.reference.failed and (error := bench.judged):
            said = error.said.strip().splitlines() or ["it says nothing"]
            for name in error.lost:
                mine = next((line for line in said if line.startswith(f"{name}: ")), said[-1])
                number = next((cell.number for cell in bench.page.cells if cell.grade_id == name), None)
                line = bench.page.line_of_cell(number) if number else None
                sentence = f"The test '{name}' does not pass in the sandbox, where tests run apart from the answers: "
                yield Problem(bench.page.path, sentence + mine.removeprefix(f"{name}: ") + ".", line, number)


RULE = Rule(
    name="reference-is-judged",
    title="the reference solution earns every point in the sandbox, where tests run apart from it",
    why="So trainees' work is graded: nobody's code can change or read a test. A test that looks for the answer in its "
    "own process finds nothing there.",
    bad='assert hasattr(sys.modules["__main__"], "total")',
    good="assert callable(total)",
    remedy="Ask for the answer by its name, and look at what it returns. 'How work is graded' says what works.",
    find=_find,
    slow=True,
)
