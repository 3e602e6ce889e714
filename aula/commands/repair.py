"""The command that shows what is damaged in what was handed in, and how grading mends it."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from aula.commands.command import Actions, print_json

if TYPE_CHECKING:
    from aula.grading.repair.looks import Look


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    text = "show what is damaged in what was handed in, and how it is repaired when it is graded; grades nothing"
    action = actions.add_parser("repair", help=text, description=text)
    action.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    action.add_argument("assignment", help="the assignment's name")
    action.add_argument("student", nargs="*", help="whose to show (default: all that was collected)")
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=_repair)


def _repair(options: argparse.Namespace) -> int:
    """Show the repairs; end with 0 whatever there is to repair."""
    from aula.grading.repair.looks import looks  # nbgrader takes a second to import

    found = looks(options.run_dir.resolve(), options.assignment, options.student)
    if options.json:
        print_json({"submissions": [asdict(look) for look in found]})
        return 0
    damaged = count = 0
    for look in found:
        count, damaged = count + 1, damaged + bool(look.changes or look.unreadable)
        print("\n".join(_lines(look)))
    print(f"{damaged} of {count} to repair. '-' was handed in, '+' counts." if damaged else f"{count} are whole.")
    return 0


def _lines(look: "Look") -> Iterator[str]:
    """Yield what people read of a submission."""
    from aula.grading.repair import difference

    if look.unreadable:
        yield f"{look.student}: {look.unreadable}"
    elif not look.changes:
        yield f"{look.student}: whole"
    else:
        yield f"{look.student}:"
    for change in look.changes:
        yield f"  {'Have a look: ' if change.is_doubtful else ''}{change.said}"
        yield from (f"    {line.sign} {line.text}" for line in difference.lines(change))
