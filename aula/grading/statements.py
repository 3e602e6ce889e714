"""What the judge of an assignment begins with: statements of its own, and the names that it may ask for."""

import ast
import builtins
import re
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from aula import marks

MAGIC = re.compile(r"^(\s*)([%!].*)$", re.MULTILINE)
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass
class Begin:
    """What the judge executes itself, and the names that the trainee's process may be asked for."""

    own: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def is_test(cell: NotebookNode) -> bool:
    """Return whether a cell is one that the judge runs: of code, graded, and not the trainee's."""
    said = marks.of(cell)
    return cell.cell_type == "code" and bool(said.get("grade")) and not said.get("solution")


def is_given(cell: NotebookNode) -> bool:
    """Return whether a cell is the author's own and stays so: locked, and no test."""
    said = marks.of(cell)
    return bool(said.get("locked")) and not said.get("grade") and not said.get("solution")


def begin(node: NotebookNode, *, helpers: bool = True) -> Begin:
    """Return what the judge of an assignment begins with; node is the source notebook, with its solutions.

    Its own are all imports, the functions and classes of locked cells, and the texts and numbers that locked cells
    bind once: none of these has to be taken from a trainee. Cells that are no Python are left out. Without helpers,
    its own are the imports alone.
    """
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    others = [cell.source for cell in cells if not is_test(cell)]
    found = {name for source in others for name in bound(python(source))}
    times = Counter(name for source in others for name in _stored(source))
    made = Begin()
    known = set(vars(builtins))
    for cell in cells:
        for statement in parsed(cell.source):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                known |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
                _add(made.own, statement)
            elif helpers and is_given(cell) and (names := _own(statement, known, times)):
                known |= names
                _add(made.own, statement)
    kept = known - set(vars(builtins))
    made.names = sorted(found - kept)
    return made


def python(source: str) -> str:
    """Return a cell's source without IPython's magics and commands, line by line."""
    return MAGIC.sub(r"\1pass", source)


def parsed(source: str) -> list[ast.stmt]:
    """Return a cell's statements; none where it is no Python."""
    try:
        return ast.parse(python(source)).body
    except (SyntaxError, ValueError):
        return []


def bound(source: str) -> Iterator[str]:
    """Yield the names that a cell binds at its top level, or as global ones; no imports."""
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except (SyntaxError, ValueError):
        return
    yield from (one.get_name() for one in table.get_symbols() if one.is_assigned())
    yield from _globals(table.get_children())


def _globals(tables: Iterable[symtable.SymbolTable]) -> Iterator[str]:
    for table in tables:
        yield from (one.get_name() for one in table.get_symbols() if one.is_declared_global() and one.is_assigned())
        yield from _globals(table.get_children())


def _stored(source: str) -> Iterator[str]:
    """Yield each name that a cell gives a value, anywhere in it, as often as it does."""
    for statement in parsed(source):
        for one in ast.walk(statement):
            if isinstance(one, Definition):
                yield one.name
            elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
                yield one.id


def _add(own: list[str], statement: ast.stmt) -> None:
    if (source := ast.unparse(statement)) not in own:
        own.append(source)


def _own(statement: ast.stmt, known: set[str], times: Counter[str]) -> set[str]:
    """Return the names that a locked cell's statement binds, where the judge can execute it; none otherwise."""
    if isinstance(statement, Definition):
        return {statement.name} if set(_needed(statement)) <= known and times[statement.name] == 1 else set()
    if not isinstance(statement, ast.Assign) or not _is_plain(statement.value):
        return set()
    names = {one.id for one in statement.targets if isinstance(one, ast.Name)}
    once = len(names) == len(statement.targets) and all(times[name] == 1 for name in names)
    return names if once else set()


def _is_plain(value: ast.expr) -> bool:
    """Return whether an expression is a text, a number, or a tuple of such: nothing that can change."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_plain, value.elts))
    if isinstance(value, ast.UnaryOp):
        return _is_plain(value.operand)
    return isinstance(value, ast.Constant)


def _needed(statement: Definition) -> Iterator[str]:
    """Yield the names that a definition needs at once, not when what it defines is used."""
    local: set[str] = set()
    for expression in _at_once(statement):
        for one in ast.walk(expression):
            if isinstance(one, ast.Name):
                if isinstance(one.ctx, ast.Load):
                    if one.id not in local:
                        yield one.id
                else:
                    local.add(one.id)


def _at_once(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield what of a definition is executed with it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        given = statement.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        yield from (one.annotation for one in every if one is not None and one.annotation is not None)
        yield from (*statement.decorator_list, *given.defaults, *(one for one in given.kw_defaults if one is not None))
        if statement.returns is not None:
            yield statement.returns
    elif isinstance(statement, ast.ClassDef):
        yield from (*statement.decorator_list, *statement.bases, *(one.value for one in statement.keywords))
        for one in statement.body:
            yield from _at_once(one)
    else:
        yield statement
