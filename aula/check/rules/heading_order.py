"""Headings: one title, on top, and no level left out."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        if not page.headings or page.headings[0].level != 1:
            yield Problem(page.path, "The text does not begin with a title: '# …' is missing.")
        for before, heading in zip(page.headings, page.headings[1:], strict=False):
            if heading.level == 1:
                yield Problem(page.path, f"'{heading.title}' is a second title.", heading.line, remedy="Use '##'.")
            elif heading.level > before.level + 1:
                said = f"'{heading.title}' is of level {heading.level}, below one of level {before.level}."
                yield Problem(page.path, said, heading.line)


RULE = Rule(
    name="heading-order",
    title="one title on top, and no level of headings left out",
    why="The table of contents and screen readers go by the levels.",
    bad="# Sums\n\n### Exercise 1",
    good="# Sums\n\n## Adding\n\n### Exercise 1",
    remedy="Go down one level at a time.",
    find=_find,
)
