"""Another order of the tests: as much of them backwards as does not need each other."""

import ast
from collections.abc import Collection, Sequence


def another(cells: Sequence[str], tests: Collection[int]) -> list[int]:
    """Return the places of all cells, with each row of neighbouring tests turned round.

    A test that uses what another binds stays behind it. All stay where one of them is not plain Python.
    """
    if not all(_is_python(cells[place]) for place in tests):
        return list(range(len(cells)))
    places: list[int] = []
    row: list[int] = []
    for place in range(len(cells)):
        if place in tests:
            row.append(place)
        else:
            places += [*_turned(row, cells), place]
            row = []
    return places + _turned(row, cells)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _turned(row: list[int], cells: Sequence[str]) -> list[int]:
    """Return a row of tests from the last to the first, as far as they permit it."""
    names = {place: _names(cells[place]) for place in row}
    left, turned = list(row), []
    while left:
        free = [p for p in left if not any(_needs(names[p], names[q]) for q in left if q < p)]
        turned.append(free[-1])
        left.remove(free[-1])
    return turned


def _needs(later: tuple[set[str], set[str]], earlier: tuple[set[str], set[str]]) -> bool:
    """Whether one of two cells uses what the other binds; each is given as what it binds and what it needs."""
    return bool(earlier[0] & later[1] or later[0] & earlier[1])


def _names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds, and those that it needs from before."""
    statements = ast.parse(source).body
    bound: set[str] = set()
    needed: set[str] = set()
    for statement in statements:
        here = {name for node in ast.walk(statement) for name in _bound(node)}
        nodes = list(ast.walk(statement))
        used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        changed = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
        grown = {target.id for target in changed if isinstance(target, ast.Name)}
        needed |= ((used - here) | grown) - bound
        bound |= here
    return bound, needed


def _bound(node: ast.AST) -> set[str]:
    """Return the names that a node binds by itself."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return set()
