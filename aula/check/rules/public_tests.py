"""Public tests do not give the answer away."""

import ast
import re
from collections.abc import Iterator

from aula.check import code
from aula.check.page import Cell, Page
from aula.check.rule import Problem, Rule
from aula.check.rules.hidden_tests import visible
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        answered = {name for cell in page.code if cell.is_answer for name in _bound(code.tree(cell))}
        prose = " ".join(cell.source for cell in page.prose if not cell.marks.get("solution"))
        for cell in page.code:
            if cell.is_test:
                yield from _in_test(page, cell, answered, prose)


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield the names that an answer defines."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _in_test(page: Page, cell: Cell, answered: set[str], prose: str) -> Iterator[Problem]:
    tree = _parsed(visible(cell))
    results = set(answered)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_result(node.value, answered):
            results |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            sides = (node.left, node.comparators[0])
            for result, value in (sides, sides[::-1]):
                if _is_result(result, results) and _tells(value) and not _is_said(value, prose):
                    said = f"The public test '{ast.unparse(node)}' tells the answer."
                    yield Problem(page.path, said, code.line(cell, node), cell.number)


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")


def _is_result(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is the answer itself, or what it returns: not its type, length or keys."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in names
    return isinstance(node, ast.Name) and node.id in names


def _tells(node: ast.expr) -> bool:
    """Whether an expression is a value written out: a number, a text, or some of them."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return False
    return value not in (None, True, False, "", (), [], {})


def _is_said(node: ast.expr, prose: str) -> bool:
    """Whether the exercise's own text says the value already, as an example."""
    return re.search(rf"(?<!\w){re.escape(ast.unparse(node))}(?!\w)", prose) is not None


RULE = Rule(
    name="public-tests",
    title="public tests do not give the answer away",
    why="A test that says what is expected can be passed by 'return 42'. Public tests look at names, shapes and types, "
    "and try the example that the text gives.",
    bad="assert total([20, 22]) == 42",
    good="assert type(total([20, 22])) is int",
    remedy="Move the value into hidden tests; an example that the exercise's text gives may stay.",
    find=_find,
)
