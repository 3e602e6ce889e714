"""The command `aula`: reads its arguments and calls the part that does the work."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from aula import (
    author_commands,
    book_commands,
    check_commands,
    commands,
    identity_commands,
    machine_commands,
    people_commands,
)
from aula.errors import AulaError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = parser().parse_args(arguments)
    try:
        return int(options.action(options))
    except AulaError as error:
        print(f"aula: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("aula: interrupted", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command and of all that it can do."""
    top = argparse.ArgumentParser(prog="aula", description="Courses, from one folder of text to a class.")
    top.add_argument(
        "--root", type=Path, default=Path(), help="the checkout that holds courses/ (default: this folder)"
    )
    actions = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _courses(actions)
    _release(actions)
    _lessons(actions)
    _notebooks(actions)
    _site(actions)
    for part in (book_commands, author_commands, check_commands, people_commands, identity_commands, machine_commands):
        part.add(actions)
    return top


Actions = argparse._SubParsersAction  # argparse gives its type no public name


def _courses(actions: "Actions[argparse.ArgumentParser]") -> None:
    action = actions.add_parser("courses", help="list the courses; say what is wrong with their contracts")
    form = action.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--schema", action="store_true", help="print the JSON Schema of course.yml, for editors")
    form.add_argument("--reference", action="store_true", help="print the reference of course.yml as Markdown")
    action.set_defaults(action=commands.courses)


def _release(actions: "Actions[argparse.ArgumentParser]") -> None:
    action = actions.add_parser("release", help="make the trainees' version of a course's assignments")
    action.add_argument("course", help="the course's folder in courses/")
    action.add_argument(
        "--run-dir",
        type=Path,
        required=True,
        help="the course run: nbgrader's course directory, made if missing",
    )
    action.add_argument("--run", help="the course run's name, nbgrader's course id (default: the folder's name)")
    _kernel_title(action)
    action.add_argument(
        "--due",
        type=_due,
        action="append",
        default=[],
        metavar="NAME=TIME",
        help="when an assignment is due, as sums=2026-11-09T22:59:00+00:00 (default: as many days as its course says "
        "after its first release); may be repeated",
    )
    action.add_argument(
        "--regrade",
        action="store_true",
        help="let a correction change grade ids or points that were released (default: refuse)",
    )
    _note(action)
    action.add_argument(
        "--history",
        type=Path,
        help="the folder that keeps each assignment's versions (default: versions/ in the course run)",
    )
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=commands.release)


def _lessons(actions: "Actions[argparse.ArgumentParser]") -> None:
    action = actions.add_parser("lessons", help="write a course's lessons as notebooks without outputs")
    action.add_argument("course", help="the course's folder in courses/")
    action.add_argument("--to", type=Path, required=True, help="folder in which <course>/ is replaced")
    action.add_argument("--run", help="the course run's name: <run>/ is replaced instead")
    _kernel_title(action)
    _note(action)
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=commands.lessons)


def _kernel_title(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--kernel-title", metavar="TITLE", help="notebooks ask for the kernel of --run, with this title"
    )


def _note(action: argparse.ArgumentParser) -> None:
    action.add_argument("--note", default="", metavar="TEXT", help="what has changed, in a sentence for trainees")


def _due(text: str) -> tuple[str, datetime]:
    name, _, moment = text.partition("=")
    try:
        return name, datetime.fromisoformat(moment)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text} is no due time; write it as NAME=2026-11-09T22:59:00+00:00"
        ) from error


def _notebooks(actions: "Actions[argparse.ArgumentParser]") -> None:
    action = actions.add_parser("notebooks", help="execute every lesson and every solved assignment")
    action.add_argument("course", nargs="*", help="courses to execute (default: all)")
    action.add_argument("--out", type=Path, required=True, help="folder for executed/, report.json, junit.xml")
    action.add_argument("--parameters", metavar="NAME", help="use the parameters of this name in course.yml")
    action.add_argument(
        "--timeout", type=float, metavar="S", help="seconds each notebook may run, instead of its own limit"
    )
    action.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="notebooks executed at once on this machine (default: 2)"
    )
    action.add_argument(
        "--on",
        choices=["here", "slurm"],
        default="here",
        help="execute on this machine, or as job arrays of Slurm, one for each set of resources in course.yml; "
        "nodes must see --out (default: here)",
    )
    action.add_argument("--partition", metavar="NAME", help="Slurm's partition (default: Slurm's usual one)")
    action.add_argument("--account", metavar="NAME", help="the Slurm account that pays (default: your usual one)")
    action.add_argument(
        "--max-running", type=int, metavar="N", help="most tasks of an array that run at once (default: any number)"
    )
    action.add_argument(
        "--fresh", action="store_true", help="execute all, also those of which nothing has changed since they ran clean"
    )
    action.add_argument("--json", action="store_true", help="print the report instead of progress")
    action.set_defaults(action=commands.notebooks)


def _site(actions: "Actions[argparse.ArgumentParser]") -> None:
    action = actions.add_parser("site", help="a centre's site.yml: show it, check the site behind it")
    parts = action.add_subparsers(title="commands", metavar="COMMAND", required=True)
    show = parts.add_parser("show", help="print the file as JSON, with every default filled in")
    show.add_argument("file", type=Path, help="the site's description, as site.yml")
    show.set_defaults(action=commands.site_show)
    check = parts.add_parser("check", help="try everything that can be tried; tell all that is wrong")
    check.add_argument("file", type=Path, help="the site's description, as site.yml")
    check.add_argument(
        "--state", type=Path, default=Path("/srv/aula"), help="the class's state folder (default: /srv/aula)"
    )
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(action=commands.site_check)
    reference = parts.add_parser("reference", help="print the reference of site.yml as Markdown")
    reference.set_defaults(action=commands.site_reference)


if __name__ == "__main__":
    sys.exit(main())
