"""A text stands on its own: it includes no other file."""

import re
from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View

INCLUDE = re.compile(r"^\s*(?:`{3,}|:{3,}|~{3,})\s*\{(?:literal)?include\}\s*(?P<file>.*?)\s*$", re.MULTILINE)


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        for cell in page.prose:
            for found in INCLUDE.finditer(cell.source):
                line = cell.line + cell.source.count("\n", 0, found.start("file"))
                yield Problem(page.path, f"It includes '{found['file']}'.", line, cell.number)


RULE = Rule(
    name="no-includes",
    title="a text stands on its own: it includes no other file",
    why="A notebook shows nothing of an included file; only the book does. Two can include each other.",
    bad="```{include} ../shared/before-you-start.md\n```",
    good="**Before you start.** You can count.",
    remedy="Write the text here, or put a link to the other page.",
    find=_find,
)
