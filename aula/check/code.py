"""The code of a cell as rules look at it: its tree, its calls, its imports, its texts."""

import ast
import re
from collections.abc import Iterator

from aula.check.page import Cell, Page

MAGIC = re.compile(r"^([ \t]*)(?:[%!].*|\w+[ \t]*=[ \t]*[%!].*|[\w.]+\?{1,2}|\?{1,2}[\w.]+)[ \t]*$", re.MULTILINE)

SLURM = re.compile(r"\b(sbatch|srun|salloc)\b")


def waits_for_slurm(page: Page) -> bool:
    """Whether some cell of code hands work to Slurm."""
    return any(SLURM.search(cell.source) for cell in page.code)


def tree(cell: Cell) -> ast.Module:
    """Return the cell's code without IPython's lines; an empty tree where it is no Python."""
    found = _parsed(cell)
    return found if isinstance(found, ast.Module) else ast.parse("")


def syntax_error(cell: Cell) -> SyntaxError | None:
    """Return why the cell is no Python, IPython's lines aside; None where it is."""
    found = _parsed(cell)
    return found if isinstance(found, SyntaxError) else None


def _parsed(cell: Cell) -> ast.Module | SyntaxError:
    try:
        return ast.parse("" if cell.source.startswith("%%") else MAGIC.sub(r"\1pass", cell.source))
    except SyntaxError as error:
        return error


def line(cell: Cell, node: ast.AST | SyntaxError) -> int:
    """Return the line of the file on which a node of the cell's code stands, or an error in it."""
    return cell.line + (getattr(node, "lineno", None) or 1) - 1


def called(node: ast.AST) -> str:
    """Return the dotted name that a call calls; empty for whatever is no call of a name."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def imports(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield every imported module's dotted name, `from a import b` as a.b too, with the statement."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def texts(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield every text in the code, with its node; pieces of f-strings too."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node
