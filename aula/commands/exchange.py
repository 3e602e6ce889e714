"""The commands of a course run's account for what is handed in and given: release, collect, list, each in a moment.

They do what `nbgrader release_assignment`, `collect` and `list --inbound` do, and load no nbgrader.
"""

import argparse
import logging
from pathlib import Path

from aula.commands.command import Actions, print_json, rows
from aula.errors import AulaError


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    text = "give out an assignment, collect what was handed in, list it: as nbgrader's commands, without their start"
    parts = actions.add_parser("exchange", help=text, description=text).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    release = _part(parts, "release", "give trainees an assignment that `aula release` has made")
    release.add_argument("assignment", help="the assignment's name")
    release.add_argument("--force", action="store_true", help="replace what is given already")
    release.set_defaults(action=_release)
    collect = _part(parts, "collect", "collect each trainee's newest hand-in, compared with its receipt")
    collect.add_argument("assignment", help="the assignment's name")
    collect.add_argument("--update", action="store_true", help="take what is newer than what was collected before")
    collect.set_defaults(action=_collect)
    listing = _part(parts, "list", "list what was handed in")
    listing.add_argument("--assignment", default="*", metavar="NAME", help="of one assignment (default: of all)")
    listing.set_defaults(action=_list)


def _part(parts: Actions, name: str, text: str) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=text, description=text)
    parser.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    parser.add_argument("--run", help="the course run's name (default: the folder's name)")
    for option, about in (("handed-in", "keeps hand-ins"), ("given", "finds what trainees are given")):
        words = f"where the hand-in service {about} (default: {option} beside the folder of all course runs)"
        parser.add_argument(f"--{option}", type=Path, metavar="DIR", help=words)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _release(options: argparse.Namespace) -> int:
    """Give it."""
    from aula.web.aula_exchange import giving

    task = _plain(options.assignment)
    source, given = options.run_dir / "release" / task, _folder(options, "given")
    if not source.is_dir():
        raise AulaError(f"{source} is not there: make it with 'aula release'")
    if (given / "outbound" / task).is_dir() and not options.force:
        raise AulaError(f"{given / 'outbound' / task} is given already: add --force to replace it")
    try:
        giving.give(source, given)
    except OSError as error:
        raise AulaError(f"{given}: cannot be written: {error}") from error
    target = given / "outbound" / task
    print_json({"released": str(target)}) if options.json else print(f"released: {target}")
    return 0


def _collect(options: argparse.Namespace) -> int:
    """Collect it; end with 1 where something is damaged, which is named."""
    from aula.web.aula_exchange import hand_ins
    from aula.web.aula_exchange.gathering import Gathering

    task, submitted = _plain(options.assignment), options.run_dir / "submitted"
    log = logging.getLogger("aula.exchange")
    there = hand_ins.folders(_folder(options, "handed-in"), "*", task)
    found = {student: places for (student, _), places in there.items()}
    gathering = Gathering(
        lambda one: Path(submitted, one.student, one.assignment), submitted, log, update=options.update
    )
    damaged = gathering.collect(found)
    if options.json:
        print_json({"students": len(found), "damaged": damaged})
    else:
        print(f"collected: {len(found) - len(damaged)} of {len(found)} who handed in {task}")
    return 1 if damaged else 0


def _list(options: argparse.Namespace) -> int:
    """List it, the newest of each trainee last."""
    from aula.web.aula_exchange import hand_ins, moments

    found = hand_ins.folders(_folder(options, "handed-in"), "*", options.assignment)
    each = [one for places in found.values() for one in reversed([*hand_ins.readable(places)])]
    told = [
        {"student": one.student, "assignment": one.assignment, "number": one.number, "at": moments.stamp(one.at)}
        for one in each
    ]
    if options.json:
        print_json({"submissions": told})
    else:
        print(rows([tuple(map(str, one.values())) for one in told]) if told else "Nothing was handed in.")
    return 0


def _plain(task: str) -> str:
    """Return an assignment's name. Raises AulaError for what is none, as a pattern or a path."""
    if not task or not task.replace("-", "").replace("_", "").isalnum():
        raise AulaError(f"'{task[:60]}' is no assignment's name")
    return task


def _folder(options: argparse.Namespace, name: str) -> Path:
    """Return the run's folder of what was handed in, or of what is given. Raises AulaError where it is not there."""
    run_dir: Path = options.run_dir.resolve()
    above: Path = getattr(options, name.replace("-", "_")) or run_dir.parent.parent / name
    folder = above / (options.run or run_dir.name)
    if not folder.is_dir():
        raise AulaError(f"{folder} is not there, or may not be read: make up makes it, --{name} names the folder above")
    return folder
