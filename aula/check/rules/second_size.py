"""A lesson that has a size has another one in course.yml."""

from collections.abc import Iterator

from aula.check import sizes
from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for lesson, page in view.lessons:
        names = sizes.sized(page)
        if names and not sizes.second(lesson, page):
            said = f"Lesson '{lesson.file}' has the parameter '{names[0]}', and course.yml has no second value for it."
            place = view.course.lessons.index(lesson)
            line = view.line_of("lessons", place, "parameters") or view.line_of("lessons", place, "file")
            yield Problem(view.contract_file, said, line)


RULE = Rule(
    name="second-size",
    title="a lesson that has a size has a second one in course.yml",
    why="A lesson that was only ever run with 8 shops may hold an 8 that should be the size. A second size shows it.",
    bad="- file: 01-sums             # whose cell of parameters says size = 8",
    good="- file: 01-sums\n  parameters:\n    second: {size: 12}",
    remedy="Add 'parameters: {second: {NAME: VALUE}}' to the lesson, with another size that two cores manage.",
    find=_find,
)
