"""Whether a cell's text is Python, without executing it: a stranger's text, of any length."""

import ast

from aula.grading.repair.cells import LONGEST
from aula.grading.statements import python


def parses(text: str) -> bool:
    """Return whether a text is Python, of a length that can be asked about."""
    if len(text) > LONGEST:
        return False
    try:
        ast.parse(python(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
