"""A lesson begins with its minutes, its objectives and what to know before."""

import re
from collections.abc import Iterator

from aula.check.page import Page
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.course import Lesson

ROW = r"^\|\s*\**{}\**\s*\|\s*(\d+) minutes?\b"
LAB = "For the lab"
BEFORE = re.compile(r"^(\*\*Before you start\.?\*\*|#+ (Before you start|Prerequisites)\s*$)", re.MULTILINE)


def _find(view: View) -> Iterator[Problem]:
    for lesson, page in view.lessons:
        yield from _minutes(lesson, page)
        if page.find("Objectives") is None:
            yield Problem(page.path, "The section 'Objectives' is missing.")
        if not any(BEFORE.search(cell.source) for cell in page.prose):
            yield Problem(page.path, "Nothing says what to know before: '**Before you start.**' is missing.")


def _minutes(lesson: Lesson, page: Page) -> Iterator[Problem]:
    rows = {"Teaching": lesson.minutes_teaching, "Exercises": lesson.minutes_exercises}
    if lesson.minutes_lab or re.search(ROW.format(LAB), page.text, re.MULTILINE):
        rows[LAB] = lesson.minutes_lab
    for title, minutes in rows.items():
        found = re.search(ROW.format(title), page.text, re.MULTILINE)
        if not found:
            yield Problem(page.path, f"The row '**{title}** | {minutes} minutes' is missing in the table on top.")
        elif int(found[1]) != minutes:
            line = page.text.count("\n", 0, found.start()) + 1
            said = f"The lesson says {found[1]} minutes of {title.lower()}, course.yml says {minutes}."
            yield Problem(page.path, said, line, remedy="Make them agree.")


RULE = Rule(
    name="lesson-header",
    title="a lesson begins with its minutes, objectives and prerequisites",
    why="Trainees have an hour between two meetings. They must see first whether it is enough, and for what.",
    bad="# Sums\n\nLet us begin.",
    good="# Sums\n\n| | |\n|---|---|\n| **Teaching** | 20 minutes |\n| **Exercises** | 15 minutes |\n\n"
    "## Objectives\n\n1. **write** a sum (exercise 1).\n\n**Before you start.** You can read ten lines of Python.",
    remedy="Begin the lesson with the table of minutes, then 'Objectives', then '**Before you start.**'.",
    find=_find,
)
