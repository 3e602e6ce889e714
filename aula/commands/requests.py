"""The command about what trainees ask about their feedback: run requests."""

import argparse
from typing import Any

from sqlalchemy.orm import Session

from aula.commands.command import Actions, Answer, command, group, rows
from aula.people import requests, runs
from aula.people.tables import Request


def add(actions: Actions) -> None:
    """Add it to the commands about course runs."""
    parts = group(actions, "run")
    listed = command(
        parts, "requests", _requests, "list what a run's trainees ask about their feedback, open ones first"
    )
    listed.add_argument("name", help="the course run's name")


def _requests(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.get(session, options.name)
    found = requests.of_run(session, run)
    waiting = sum(one.answered is None for one in found)
    said = f"{waiting} of {len(found)} requests in {run.name} wait for an answer."
    return {
        "run": run.name,
        "open": waiting,
        "requests": [_data(one) for one in found],
    }, f"{said}\n{rows(_rows(found))}"


def _rows(found: list[Request]) -> list[tuple[str, ...]]:
    return [
        (
            str(one.id),
            one.outcome or ("answered" if one.answered else "open"),
            one.kind,
            one.person.name,
            f"{one.assignment} {one.number}",
            one.at.isoformat(timespec="minutes"),
            _short(one.text),
        )
        for one in found
    ]


def _short(text: str, most: int = 60) -> str:
    first = text.splitlines()[0]
    return first if len(first) <= most and first == text else f"{first[:most]}…"


def _data(one: Request) -> dict[str, Any]:
    keys = ("assignment", "kind", "notebook", "cell", "text", "points", "answer", "outcome")
    return {
        "number": one.id,
        "person": one.person.name,
        "hand_in": one.number,
        **{key: getattr(one, key) for key in keys},
        "at": one.at.isoformat(),
        "answered": one.answered.isoformat() if one.answered else None,
        "answered_by": one.answerer.name if one.answerer else None,
    }
