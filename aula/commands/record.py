"""The command that records what Slurm answers to an assignment."""

import argparse

from aula.commands.command import Actions, tools


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    text = "run an assignment's solution on a real Slurm, and record what that answers, for the sandbox"
    action = actions.add_parser("record", help=text, description=text)
    action.add_argument("course", help="the course's folder name")
    action.add_argument("assignment", help="the assignment's name")
    action.set_defaults(action=_record)


def _record(options: argparse.Namespace) -> int:
    from aula import catalogue, kernel  # nbformat and what executes take a while to import
    from aula.errors import UnknownCourseError
    from aula.recording import recorder

    course = catalogue.load(options.root).course(options.course)
    task = next((one for one in course.assignments if one.name == options.assignment), None)
    if task is None:
        known = ", ".join(one.name for one in course.assignments) or "none"
        raise UnknownCourseError(f"course '{course.id}' has no assignment '{options.assignment}': it has {known}")
    with kernel.settled(tools()):
        print(f"recorded: {recorder.record(course, task)}")
    return 0
