"""Only a lesson that waits for Slurm may run longer than a minute."""

from collections.abc import Iterator

from aula.check import code
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.course import COMPUTES_S


def _find(view: View) -> Iterator[Problem]:
    lessons = view.course.lessons
    for lesson, page in view.lessons:
        if lesson.waits and not code.waits_for_slurm(page):
            said = f"Lesson '{lesson.file}' may run {lesson.time_limit_s} s, and no cell of it waits for Slurm."
            line = view.line_of("lessons", lessons.index(lesson), "time_limit_s")
            yield Problem(view.contract_file, said, line)


RULE = Rule(
    name="time-limit",
    title=f"only a lesson that waits for Slurm has a time limit above {COMPUTES_S} s",
    why="A trainee who waits for a minute thinks that it is broken. A lesson of a minute is checked at every change.",
    bad="time_limit_s: 200    # and no cell calls sbatch",
    good="time_limit_s: 45",
    remedy=f"Make the computation smaller, by its parameters, and set time_limit_s to {COMPUTES_S} or less.",
    find=_find,
)
