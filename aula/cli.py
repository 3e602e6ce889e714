"""The command `aula`: reads its arguments and calls the part that does the work."""

import argparse
import gc
import importlib
import sys
from pathlib import Path
from typing import NoReturn

from aula.errors import AulaError

GROUPS = (
    *(("courses",), ("new",), ("check",), ("preview",), ("notebooks",), ("book",), ("record",), ("site",)),
    *(("classes",), ("release",), ("exchange",), ("grade",), ("repair",), ("receipt",), ("audit",), ("terms",)),
    ("people", "due", "requests", "identity", "machine"),
)
"""The groups of commands, each a file in aula/commands/; those that have commands in common stand together.

What they need takes a while to import, most of all a database: nobody waits for more than the command asked for.
"""


def run() -> NoReturn:
    """Be the program `aula`."""
    status = main()
    gc.freeze()  # it ends now: nobody need look for circles in what it has loaded, which takes a while
    sys.exit(status)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(words).parse_args(words)
    try:
        return int(options.action(options))
    except AulaError as error:
        print(f"aula: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("aula: interrupted", file=sys.stderr)
        return 130


def parser(words: list[str]) -> argparse.ArgumentParser:
    """Return the parser of the command, for these words, and of all that it can do."""
    top = argparse.ArgumentParser(prog="aula", description="Courses, from one folder of text to a class.")
    text = "the checkout that holds courses/ (default: this folder, or the nearest above it with courses)"
    top.add_argument("--root", type=Path, default=_checkout(), help=text)
    actions = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command = _command(words)
    for groups in sorted(GROUPS, key=lambda groups: command not in groups):  # most commands have their group's name
        for group in groups:
            importlib.import_module(f"aula.commands.{group}").add(actions)
        if command in actions.choices:
            break
    return top


def _checkout() -> Path:
    """Return this folder, or from inside a checkout the nearest folder above that holds courses."""
    here = Path()
    if (here / "courses").is_dir():
        return here
    return next((one for one in here.resolve().parents if any(one.glob("courses/*/course.yml"))), here)


def _command(words: list[str]) -> str:
    """Return the first word that is no option, nor an option's value."""
    values = [index + 1 for index, word in enumerate(words) if word == "--root"]
    return next((word for index, word in enumerate(words) if index not in values and not word.startswith("-")), "")


if __name__ == "__main__":
    run()
