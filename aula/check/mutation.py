"""Automatic mutants: small, typical mistakes made in a solution, each of which some test should notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from aula.check.page import Cell
from aula.check.versions import BEGIN, END

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
KEPT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


@dataclass(frozen=True)
class Mutant:
    """An answer cell with one mistake in it: the cell's place among the cells of code, its line in the file."""

    place: int
    line: int
    mistake: str
    source: str


@dataclass(frozen=True)
class Score:
    """How many automatic mutants the tests of an assignment noticed; those that they did not, in words."""

    course: str
    assignment: str
    killed: int
    total: int
    survivors: tuple[tuple[int, str], ...]
    """Line in the assignment's file, and the mistake that no test notices."""
    problem: str = ""
    """Why the score could not be computed; empty where it was."""

    @property
    def percent(self) -> float:
        """The share of mutants that were noticed, in per cent."""
        return 100 * self.killed / self.total if self.total else 0.0


def mutants(cell: Cell, place: int) -> Iterator[Mutant]:
    """Yield the mutants of one answer cell, each once; none where it is not plain Python."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return
    first, last = _solution(cell.source)
    seen = {ast.unparse(tree)}
    bare = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings among them
    for number, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 0)
        for mistake, replacement in _mistakes(node) if first <= line <= last and node not in bare else ():
            source = _replaced(tree, number, replacement)
            if source not in seen:
                seen.add(source)
                yield Mutant(place, cell.line + line - 1, mistake, source)


def _solution(source: str) -> tuple[int, int]:
    """Return the first and last line between the markers, or of the whole cell where it has none."""
    lines = [line.strip() for line in source.splitlines()]
    if BEGIN in lines and END in lines:
        return lines.index(BEGIN) + 1, lines.index(END) + 1
    return 1, len(lines)


def _mistakes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what can go wrong with a node: in words, and what then stands in its place."""
    said = ast.unparse(node).splitlines()[0] if isinstance(node, ast.stmt | ast.expr) else ""
    if isinstance(node, ast.stmt) and not isinstance(node, KEPT) and not _is_docstring(node):
        yield f"without '{said}'", ast.Pass()
    if isinstance(node, ast.Return) and node.value:
        yield f"returns 0 instead of '{said}'", ast.Return(ast.Constant(0))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for table in (OPPOSITE, BOUNDARY):
            if wrong := table.get(type(node.ops[0])):
                other = ast.Compare(node.left, [wrong()], node.comparators)
                yield f"'{ast.unparse(other)}' instead of '{said}'", other
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        for step in (1, -1):
            yield f"{node.value + step} instead of {said}", ast.Constant(node.value + step)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _texts(node.value)


def _texts(text: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield a text of several lines without each of them: a job script, a configuration."""
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if len(lines) > 1 and line.strip():
            yield f"without the line '{line.strip()}'", ast.Constant("".join([*lines[:place], *lines[place + 1 :]]))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Replacement(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the new node for the old one, and every other as it is."""
        return self.new if node is self.old else self.generic_visit(node)


def _replaced(tree: ast.Module, number: int, replacement: ast.AST) -> str:
    """Return the source with another node in the place of the one of that number."""
    changed = copy.deepcopy(tree)
    old = list(ast.walk(changed))[number]
    return ast.unparse(ast.fix_missing_locations(_Replacement(old, replacement).visit(changed)))
