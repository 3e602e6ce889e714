"""How a command about people is made: its options, its session, its answer for people and for scripts."""

import argparse
import json
import os
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from aula.people.database import Database

USUAL = "sqlite:////srv/aula/people/people.sqlite"
Answer = tuple[dict[str, Any], str]
Action = Callable[[Session, argparse.Namespace], Answer]
Actions = argparse._SubParsersAction  # argparse gives its type no public name


def group(actions: "Actions[argparse.ArgumentParser]", name: str, text: str) -> "Actions[argparse.ArgumentParser]":
    """Add a word that other commands follow, as `aula people`."""
    return actions.add_parser(name, help=text).add_subparsers(title="commands", metavar="COMMAND", required=True)


def command(
    actions: "Actions[argparse.ArgumentParser]", name: str, action: Action, text: str
) -> argparse.ArgumentParser:
    """Add a command. Its action is given one transaction; what it returns is printed as JSON, or as text."""

    def work(options: argparse.Namespace) -> int:
        database = Database(options.database)
        try:
            with database.session() as session:
                data, said = action(session, options)
        finally:
            database.close()
        print(json.dumps(data, indent=2) if options.json else said)
        return 0

    parser = options_of(actions.add_parser(name, help=text, description=text))
    parser.set_defaults(action=work)
    return parser


def options_of(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what every such command understands."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--database",
        default=os.environ.get("AULA_DATABASE", USUAL),
        help=f"its SQLAlchemy address (default: $AULA_DATABASE, or {USUAL})",
    )
    return parser


def rows_of(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows of text with their columns aligned."""
    if not rows:
        return "  (none)"
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(f"{text:<{wide}}" for text, wide in zip(row, widths, strict=True)).rstrip() for row in rows
    )
