"""A lesson fits into an hour; what does not is marked as left for the lab."""

from collections.abc import Iterator

from aula.check.exercises import Exercise, exercises
from aula.check.page import Page
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.course import Lesson

HOUR = 60


def _find(view: View) -> Iterator[Problem]:
    for lesson, page in view.lessons:
        minutes = lesson.minutes_teaching + lesson.minutes_exercises
        if minutes > HOUR:
            yield Problem(page.path, f"The lesson has {minutes} minutes, more than an hour.")
        yield from _exercises(lesson, page)


def _exercises(lesson: Lesson, page: Page) -> Iterator[Problem]:
    """Compare the minutes in the headings with those of course.yml; in the lab there may be sections to read, too."""
    found = exercises(page)
    for exercise in found:
        if not exercise.minutes:
            yield Problem(page.path, f"Exercise {exercise.number} does not say its minutes.", exercise.heading.line)
    hour, lab = (_sum(found, in_lab) for in_lab in (False, True))
    if hour != lesson.minutes_exercises:
        said = f"The exercises have {hour} minutes together, course.yml says {lesson.minutes_exercises}."
        yield Problem(page.path, said, remedy="Correct a heading, or 'minutes_exercises' in course.yml.")
    if lab > lesson.minutes_lab:
        said = f"The exercises for the lab have {lab} minutes together, course.yml says {lesson.minutes_lab}."
        yield Problem(page.path, said, remedy="Correct 'minutes_lab' in course.yml.")


def _sum(found: list[Exercise], in_lab: bool) -> int:
    return sum(exercise.minutes for exercise in found if exercise.in_lab is in_lab)


RULE = Rule(
    name="one-hour",
    title="a lesson fits into an hour, and says what is left for the lab",
    why="Trainees have an hour between two meetings. What is longer is broken off in the middle.",
    bad="- file: 03-sweeps\n  minutes_teaching: 34\n  minutes_exercises: 36",
    good="- file: 03-sweeps\n  minutes_teaching: 31\n  minutes_exercises: 24\n  minutes_lab: 15\n\n"
    "### Exercise 5: write (9 minutes, for the lab)",
    remedy="Leave for the lab what nothing later in the lesson needs: 'minutes_lab' in course.yml, and "
    "'(9 minutes, for the lab)' at the end of the exercise's heading.",
    find=_find,
)
