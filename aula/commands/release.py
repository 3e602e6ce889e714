"""The commands that give trainees their notebooks: release assignments, deliver lessons."""

import argparse
from datetime import datetime
from pathlib import Path

from aula import catalogue
from aula.commands.command import Actions, print_json, tools
from aula.errors import RunError
from aula.kernelspec import Kernel


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    _add_release(actions)
    _add_lessons(actions)


def _add_release(actions: Actions) -> None:
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
    action.set_defaults(action=_release)


def _add_lessons(actions: Actions) -> None:
    action = actions.add_parser("lessons", help="write a course's lessons as notebooks without outputs")
    action.add_argument("course", help="the course's folder in courses/")
    action.add_argument("--to", type=Path, required=True, help="folder in which <course>/ is replaced")
    action.add_argument("--run", help="the course run's name: <run>/ is replaced instead")
    _kernel_title(action)
    _note(action)
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=_lessons)


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


def _release(options: argparse.Namespace) -> int:
    """Release a course's assignments into a course run."""
    from aula import kernel
    from aula.release import release, versions  # nbgrader takes a second to import

    course = catalogue.load(options.root).course(options.course)
    with kernel.settled(tools()):
        released = release.release(
            course,
            options.run_dir,
            options.run,
            kernel=_kernel(options),
            due=dict(options.due),
            regrade=options.regrade,
            note=options.note,
            history=options.history,
        )
    folders = release.folders(options.run_dir, released)
    if options.json:
        told = {name: version.model_dump(mode="json", exclude={"files"}) for name, version in released.items()}
        print_json({"released": [str(folder) for folder in folders], "versions": told})
        return 0
    for folder, version in zip(folders, released.values(), strict=True):
        print(f"released: {folder} (version {version.number}, {version.at:%Y-%m-%d %H:%M} UTC)")
        for line in filter(None, (version.note, *map(str, version.changes))):
            print(f"  {line}")
        if options.note and version.note != versions.checked_note(options.note):
            print("  nothing has changed since: the note is not kept")
    return 0


def _lessons(options: argparse.Namespace) -> int:
    """Write a course's lessons as notebooks."""
    from aula import lessons

    course = catalogue.load(options.root).course(options.course)
    paths = lessons.deliver(course, options.to, run=options.run, kernel=_kernel(options), note=options.note)
    if options.json:
        print_json({"lessons": [str(path) for path in paths]})
    else:
        for path in paths:
            print(f"lessons: {path}")
    return 0


def _kernel(options: argparse.Namespace) -> Kernel | None:
    """Return the kernel that notebooks are to name; None where no title of one was given."""
    if options.kernel_title is None:
        return None
    if options.run is None:
        raise RunError("--kernel-title needs --run: a kernel has its course run's name")
    return Kernel(options.run, options.kernel_title)
