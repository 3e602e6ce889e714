"""Sentences of other parts of the package, as problems with a place."""

import re
from pathlib import Path

from aula.check.page import Page
from aula.check.rule import Problem

PLACE = re.compile(r"^:?(?P<line>\d+)?:? *(?:cell (?P<cell>\d+): )?(?P<sentence>.*)$", re.DOTALL)


def problem(path: Path, said: str, page: Page | None = None) -> Problem:
    """Return a problem from what was said without the file's name, as ``:7: a sentence`` or ``cell 3: a sentence``."""
    found = PLACE.match(said)
    line = int(found["line"]) if found and found["line"] else None
    cell = int(found["cell"]) if found and found["cell"] else None
    if page and cell:
        line = page.line_of_cell(cell)
    return Problem(path, found["sentence"] if found else said, line, cell)
