"""The command that brings the marks of a course run up to date with its terms."""

import argparse
from pathlib import Path

from aula.commands.command import Actions, group, print_json, tools


def add(actions: Actions) -> None:
    """Add it to those of `aula`."""
    parts = group(actions, "terms", "due dates, extensions and late rule of a course run, as its marks have them")
    text = "bring due dates, extensions and what being late costs into the gradebook; nothing is graded again"
    action = parts.add_parser("apply", help=text, description=text)
    action.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    action.add_argument("--run", help="the course run's name, nbgrader's course id (default: the folder's name)")
    action.add_argument("--terms", type=Path, metavar="FILE", help="take them from there first (default: as last time)")
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=_apply)


def _apply(options: argparse.Namespace) -> int:
    """Apply them to all assignments that the gradebook knows."""
    from aula import kernel
    from aula.submissions import terms

    run_dir = options.run_dir.resolve()
    if options.terms:
        terms.keep(run_dir, options.terms)
    with kernel.settled(tools()):
        from aula.grading.gradebook import Book  # nbgrader takes a second to import

        with Book(run_dir, options.run or run_dir.name) as book:
            names = book.follow()
    if options.json:
        print_json({"applied": names})
    else:
        print(f"The marks follow the terms: {', '.join(names) or 'there are no assignments'}.")
    return 0
