"""Every cell of code is Python."""

from collections.abc import Iterator

from aula.check import code
from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        for cell in page.code:
            error = code.syntax_error(cell)
            if error and "raises-exception" not in cell.tags:
                yield Problem(page.path, f"The cell is no Python: {error.msg}.", code.line(cell, error), cell.number)


RULE = Rule(
    name="python-code",
    title="every cell of code is Python, or says that it is not",
    why="A typing error in the last cell shows after an hour, to the person who came so far.",
    bad="```{code-cell}\nprint('hello'\n```",
    good="```{code-cell}\nprint('hello')\n```",
    remedy="Correct it; where the error is the lesson, tag the cell 'raises-exception'.",
    find=_find,
)
