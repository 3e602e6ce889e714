"""Grade ids are words that people can read."""

import re
from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View

READABLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MADE_UP = re.compile(r"cell-[0-9a-f]{6,}|[0-9a-f-]*[0-9][0-9a-f-]{15,}")
LONGEST = 40


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        for cell in page.cells:
            name = cell.grade_id
            if name and (not READABLE.fullmatch(name) or MADE_UP.fullmatch(name) or len(name) > LONGEST):
                yield Problem(page.path, f"The grade_id '{name}' tells nobody what is graded.", cell.line, cell.number)


RULE = Rule(
    name="readable-grade-ids",
    title="grade ids are words that people can read",
    why="formgrader, the gradebook and feedback name cells by their ids. Nobody knows what 'cell-3f2a91' was about.",
    bad="grade_id: cell-3f2a91c0",
    good="grade_id: read-jobs-hidden-cases",
    remedy=f"Use small letters, digits and hyphens, at most {LONGEST} characters, as 'sum-public'.",
    find=_find,
)
