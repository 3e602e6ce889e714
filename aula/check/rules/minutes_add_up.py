"""The minutes of a course are those of its lessons and assignments."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    contract = view.course.contract
    parts = sum(lesson.minutes for lesson in contract.lessons)
    parts += sum(task.minutes for task in contract.assignments)
    if parts != contract.minutes:
        said = f"The course has {contract.minutes} minutes, its lessons and assignments together {parts}."
        yield Problem(view.contract_file, said, view.line_of("minutes"))


RULE = Rule(
    name="minutes-add-up",
    title="the minutes of the course are those of its lessons and assignments",
    why="Companies plan their people's time by this number.",
    bad="minutes: 60\nlessons: [{file: 01-hello, minutes_teaching: 20, minutes_exercises: 20}]",
    good="minutes: 40\nlessons: [{file: 01-hello, minutes_teaching: 20, minutes_exercises: 20}]",
    remedy="Correct 'minutes' in course.yml; an assignment has 60 unless its own 'minutes' say otherwise.",
    find=_find,
)
