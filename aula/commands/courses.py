"""The command that lists the courses."""

import argparse

from aula import catalogue, course_file
from aula.commands.command import Actions, print_json


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    action = actions.add_parser("courses", help="list the courses; say what is wrong with their contracts")
    form = action.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--schema", action="store_true", help="print the JSON Schema of course.yml, for editors")
    form.add_argument("--reference", action="store_true", help="print the reference of course.yml as Markdown")
    action.set_defaults(action=_courses)


def _courses(options: argparse.Namespace) -> int:
    """List the courses with their lessons and assignments, or print what their contracts may say."""
    if options.schema or options.reference:
        print(course_file.schema() if options.schema else course_file.page(), end="")
        return 0
    found = catalogue.load(options.root).courses
    if options.json:
        print_json({"courses": [{"id": item.id, **item.contract.model_dump(mode="json")} for item in found]})
        return 0
    for course in found:
        print(f"{course.id}: {course.title}")
        for lesson in course.lessons:
            lab = f" + {lesson.minutes_lab}" if lesson.minutes_lab else ""
            print(f"  lesson {lesson.file}, {lesson.minutes_teaching} + {lesson.minutes_exercises}{lab} min")
        for task in course.assignments:
            print(f"  assignment {task.name}, {task.points:g} points: {task.title}")
    return 0
