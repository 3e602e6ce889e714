"""The contract: course.yml is valid, and agrees with the folder."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(_: View) -> Iterator[Problem]:
    """Yield nothing: a course with a broken contract has no view, and `aula.check.check` tells its problems."""
    yield from ()


RULE = Rule(
    name="contract",
    title="course.yml is valid and agrees with the folder",
    why="Catalogue, groups, gradebook and book follow from course.yml. A misspelt key would be left out silently.",
    bad="lessons:\n  - fil: 01-hello",
    good="lessons:\n  - file: 01-hello",
    remedy="Correct course.yml, or add what it lists. Nothing else of this course was checked.",
    find=_find,
)
