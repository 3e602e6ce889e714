"""The commands by which the machine learns what people need of it, and says what it has done."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from aula import catalogue
from aula.commands.command import Actions, Answer, command, group
from aula.errors import CatalogueError
from aula.people import accounts, load, outline, persons, runs, state
from aula.people.errors import PeopleError


def add(actions: Actions) -> None:
    """Add these commands to those of `aula people` and `aula run`."""
    people, run = group(actions, "people"), group(actions, "run")
    command(people, "state", _state, "print all that the machine must make true, as one JSON object")
    pool = command(people, "pool", _pool, "lend these Unix accounts to people who have none of their own")
    pool.add_argument("account", nargs="+", help="a Unix account that is cleaned before each new holder")
    whole = command(people, "load", _load, "add a whole class from a JSON document; what is there stays as it is")
    whole.add_argument("file", help="companies, people, runs and enrolments; - for standard input")
    own = command(people, "account", _account, "say which Unix account is a person's own")
    own.add_argument("name", help="the person's name at the hub")
    own.add_argument("account", help="their Unix account")
    cleaned = command(people, "cleaned", _cleaned, "say that a training account was cleaned and can be lent again")
    cleaned.add_argument("account", help="the Unix account")
    settled = command(run, "settled", _settled, "say with what a course run was made ready; the first word stays")
    settled.add_argument("name", help="the course run's name")
    settled.add_argument("--content", required=True, help="which version of its course it has")
    settled.add_argument("--environment", required=True, help="which user environment it has")
    corrected = command(run, "corrected", _corrected, "say that a course run was given a corrected course")
    corrected.add_argument("name", help="the course run's name")
    corrected.add_argument("--content", required=True, help="which version of its course it has now")


def _corrected(session: Session, options: argparse.Namespace) -> Answer:
    course = catalogue.load(options.root).course(runs.get(session, options.name).course)
    run = runs.correct(session, options.name, content=options.content, outline=outline.of(course))
    return {"name": run.name, "content": run.content}, f"{run.name} has content {run.content} now."


def _state(session: Session, options: argparse.Namespace) -> Answer:
    found = state.state(session)
    for run in found["runs"]:
        run["profile"] = _profile(options.root / "courses" / run["course"])
    return found, json.dumps(found, indent=2)


def _profile(course: Path) -> dict[str, Any] | None:
    """Return what a course asks of Slurm for a notebook; None where its contract cannot be read."""
    try:
        return catalogue.read(course).contract.profile.model_dump()
    except CatalogueError:
        return None


def _pool(session: Session, options: argparse.Namespace) -> Answer:
    accounts.fill_pool(session, options.account)
    names = [account.name for account in accounts.everyone(session) if account.pooled]
    return {"accounts": names}, f"{len(names)} training accounts are in the pool."


def _load(session: Session, options: argparse.Namespace) -> Answer:
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PeopleError(f"{options.file} cannot be read: {error}") from error
    added = load.load(session, load.parse(text), catalogue.load(options.root))
    return {"added": added}, f"{added} added; what was there stays as it was."


def _account(session: Session, options: argparse.Namespace) -> Answer:
    account = accounts.adopt(session, persons.get(session, options.name), options.account)
    return {"person": options.name, "account": account.name}, f"{options.name} works as {account.name}."


def _cleaned(session: Session, options: argparse.Namespace) -> Answer:
    accounts.cleaned(session, options.account)
    return {"account": options.account}, f"{options.account} can be lent again."


def _settled(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.settle(session, options.name, content=options.content, environment=options.environment)
    data = {"name": run.name, "content": run.content, "environment": run.environment}
    return data, f"{run.name} is ready: content {run.content}, environment {run.environment}."
