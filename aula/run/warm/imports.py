"""Which modules a zygote loads: what the notebooks import, as far as a copy of a loaded module is as good as new."""

import ast
import warnings
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

SAFE = frozenset(
    {"matplotlib", "numpy", "pandas", "scipy", "seaborn", "sklearn", "statsmodels", "sympy", "torch", "yaml"}
)
"""Packages that do nothing but define things when they are imported: no threads, no devices, no files, no output."""


def wanted(notebooks: Iterable[NotebookNode]) -> list[str]:
    """Return the modules of safe packages that Python notebooks import, packages before their parts."""
    found = {module for node in notebooks for module in imported(node) if module.partition(".")[0] in SAFE}
    return sorted(found)


def imported(node: NotebookNode) -> Iterator[str]:
    """Yield the modules that the Python cells of a notebook import, as they are written."""
    for cell in node.cells:
        if cell.cell_type != "code":
            continue
        lines = [line for line in cell.source.splitlines() if not line.lstrip().startswith(("%", "!"))]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of an invalid escape, as: the notebook says so itself
                tree = ast.parse("\n".join(lines))
        except (SyntaxError, ValueError):
            continue
        for statement in ast.walk(tree):
            if isinstance(statement, ast.Import):
                yield from (alias.name for alias in statement.names)
            elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
                yield statement.module
