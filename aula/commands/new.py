"""The commands of an author: new course, new lesson, new assignment."""

import argparse
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from aula.authoring import new
from aula.authoring.new import Made
from aula.commands.command import Actions, group


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    parts = group(actions, "new", "begin a course, a lesson or an assignment from a template that passes every check")
    course = _command(parts, "course", _course, "begin a course with one lesson, in a folder of its own in courses/")
    course.add_argument("name", help="its folder in courses/, as night-forecast")
    _title(course)
    course.add_argument(
        "--author",
        action="append",
        default=[],
        metavar="NAME",
        help="who writes it (default: git's user.name); may be repeated",
    )
    lesson = _command(parts, "lesson", _lesson, "begin a lesson: objectives, exercises, solutions, key points")
    lesson.add_argument("course", help="the course's folder in courses/")
    lesson.add_argument("name", help="its number and its name, as 02-first-job")
    _title(lesson)
    assignment = _command(parts, "assignment", _assignment, "begin an assignment with its tests and wrong answers")
    assignment.add_argument("course", help="the course's folder in courses/")
    assignment.add_argument("name", help="its name, as first-job")
    _title(assignment)


def _command(
    parts: Actions, name: str, action: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(action=action)
    return parser


def _title(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--title", help="its title, in quotes (default: made of its name)")


def _course(options: argparse.Namespace) -> int:
    made = new.course(options.root, options.name, options.title, options.author or _git_user(options.root))
    folder = options.root / "courses" / options.name
    _tell(
        options,
        made,
        f"Put your own words into {folder / 'course.yml'}, index.md, instructor.md and CITATION.cff.",
        f"Write the lesson {folder / 'lessons' / f'{new.FIRST_LESSON}.md'}: as it is, it runs.",
        f"Add what is graded: aula new assignment {options.name} NAME",
    )
    return 0


def _lesson(options: argparse.Namespace) -> int:
    made = new.lesson(options.root, options.course, options.name, options.title)
    contract = options.root / "courses" / options.course / "course.yml"
    _tell(
        options,
        made,
        f"Write the lesson {made.files[0]}: as it is, it runs.",
        f"Set its minutes in {contract}; the whole course has {made.minutes} now.",
        "Give it a line in the schedule of index.md.",
        f"Run it: aula notebooks {options.course} --out build/notebooks",
    )
    return 0


def _assignment(options: argparse.Namespace) -> int:
    made = new.assignment(options.root, options.course, options.name, options.title)
    contract = options.root / "courses" / options.course / "course.yml"
    _tell(
        options,
        made,
        f"Write the assignment {made.files[0]}: as it is, it can be released and graded.",
        f"Set its points, minutes and days in {contract}; the whole course has {made.minutes} minutes now.",
        "Replace the wrong answers beside it, in mutants/, by those that your trainees will give.",
        f"Make the trainees' version: aula release {options.course} --run-dir build/{options.course}",
    )
    return 0


def _tell(options: argparse.Namespace, made: Made, *steps: str) -> None:
    """Say what was written, what the author has to add to the contract, and what to do next."""
    if options.json:
        print(
            json.dumps(
                {"written": [str(path) for path in made.files], "to_add": made.lines, "minutes": made.minutes}, indent=2
            )
        )
        return
    for path in made.files:
        print(f"written: {path}")
    if made.lines:
        print(f"\ncourse.yml is as it was, for it could not be changed safely. Add under '{made.key}:'\n\n{made.lines}")
        print(f"and write 'minutes: {made.minutes}'.")
    print("\nNext:")
    for number, step in enumerate(("See what is wrong, at any time: aula check --fast", *steps), start=1):
        print(f"  {number}. {step}")


def _git_user(root: Path) -> list[str]:
    """Return the name that git would write into a commit, if it knows one."""
    if not shutil.which("git"):
        return []
    done = subprocess.run(
        ["git", "-C", root, "config", "user.name"], capture_output=True, text=True, check=False, timeout=10
    )
    return [done.stdout.strip()] if done.returncode == 0 and done.stdout.strip() else []
