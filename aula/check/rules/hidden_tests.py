"""Each answer in code has a public test and a hidden one."""

from collections.abc import Iterator

from aula.check.page import Cell, Page
from aula.check.rule import Problem, Rule
from aula.check.view import View

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def visible(cell: Cell) -> str:
    """Return what trainees see of a test, on the lines on which it stands."""
    lines, inside = [], False
    for line in cell.source.splitlines():
        inside = inside or line.strip() == BEGIN
        lines.append("" if inside else line)
        inside = inside and line.strip() != END
    return "\n".join(lines)


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        answers = [cell for cell in page.code if cell.is_answer and not cell.marks.get("grade")]
        for cell, following in zip(answers, [*answers[1:], None], strict=False):
            yield from _tested(page, cell, following)


def _tested(page: Page, answer: Cell, following: Cell | None) -> Iterator[Problem]:
    last = following.number if following else len(page.cells) + 1
    tests = [cell for cell in page.code if cell.is_test and answer.number < cell.number < last]
    if not any("assert" in visible(cell) for cell in tests):
        yield Problem(page.path, f"The answer '{answer.grade_id}' has no public test.", answer.line, answer.number)
    if not any(BEGIN in cell.source for cell in tests):
        yield Problem(page.path, f"The answer '{answer.grade_id}' has no hidden test.", answer.line, answer.number)


RULE = Rule(
    name="hidden-tests",
    title="each answer in code has a public test and a hidden one",
    why="Public tests tell a trainee at once that a name or type is wrong. Hidden ones cannot be written to.",
    bad="assert total([1, 2]) == 3      # the only test, and everybody sees it",
    good="assert type(total([1])) is int\n### BEGIN HIDDEN TESTS\nassert total([1, 2]) == 3\n### END HIDDEN TESTS",
    remedy="Put tests behind the answer's cell, before the next answer: shape and type public, values hidden.",
    find=_find,
)
