"""What commands share: a transaction, one answer in words or as JSON, rows."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# argparse gives its type no public name, and cannot say at run time what it is of
Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
USUAL = "sqlite:////srv/aula/people/people.sqlite"
Answer = tuple[dict[str, Any], str]
Action = Callable[["Session", argparse.Namespace], Answer]


def group(actions: Actions, name: str, text: str = "") -> Actions:
    """Return where the commands under a name are added: the name's first mention makes it, with its text."""
    if name not in actions.choices:
        parser = actions.add_parser(name, help=text)
        parser.set_defaults(parts=parser.add_subparsers(title="commands", metavar="COMMAND", required=True))
    parts: Actions = actions.choices[name].get_default("parts")
    return parts


def command(actions: Actions, name: str, action: Action, text: str) -> argparse.ArgumentParser:
    """Add a command that does all its work in one transaction, and return its parser for more arguments."""

    def work(options: argparse.Namespace) -> int:
        from aula.people.database import Database  # SQLAlchemy takes a while to import

        database = Database(options.database)
        try:
            with database.session() as session:
                data, said = action(session, options)
        finally:
            database.close()
        print(json.dumps(data, indent=2) if options.json else said)
        return 0

    parser = options(actions.add_parser(name, help=text, description=text))
    parser.set_defaults(action=work)
    return parser


def options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the arguments that every command about people has."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--database",
        default=os.environ.get("AULA_DATABASE", USUAL),
        help=f"its SQLAlchemy address (default: $AULA_DATABASE, or {USUAL})",
    )
    return parser


def rows(table: Sequence[tuple[str, ...]]) -> str:
    """Return rows of text with their columns aligned."""
    if not table:
        return "  (none)"
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join(
        "  " + "  ".join(f"{text:<{wide}}" for text, wide in zip(row, widths, strict=True)).rstrip() for row in table
    )


def print_json(value: object) -> None:
    """Print a value as JSON, for people too."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def tools() -> Path:
    """Return the folder of the commands installed beside our interpreter, as alembic."""
    return Path(sys.executable).parent
