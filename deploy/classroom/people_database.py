"""The database of people and course runs: made, asked, and loaded with the demo class, by the portal's account."""

import json
from collections.abc import Sequence
from pathlib import Path

from deploy import code, demo, files, people
from deploy.accounts import home
from deploy.classroom import exchange, secrets
from deploy.command import run
from deploy.settings import Settings

COMMAND = """#!/bin/sh
# Written by make up: the command aula of this class, for its operator.
AULA_DATABASE='{database}' AULA_RECEIPT_KEY='{key}' exec {aula} --root {code} "$@"
"""


def address(settings: Settings) -> str:
    """Return the database's SQLAlchemy address."""
    return settings.site.database or f"sqlite:///{file(settings)}"


def file(settings: Settings) -> Path:
    """Return the database's file, where it is SQLite's."""
    return settings.state / "people" / "people.sqlite"


def up(settings: Settings) -> None:
    """Make what is missing: the folder, the database with today's schema, the demo class, the operator's command."""
    code.let_courses_be_read(settings)
    portal = settings.site.portal_account
    # The hub, which is in this group too, notes who has joined by single sign-on.
    files.folder(settings.state / "people", mode=0o2770, owner=portal, group=portal)
    aula(settings, ["people", "upgrade"])
    if not settings.site.database:
        file(settings).chmod(0o660)  # its folder is closed to everybody else
    bin_folder = files.folder(settings.prefix / "bin")
    named = {"database": address(settings), "key": exchange.public_key(settings)}
    text = COMMAND.format(**named, aula=_program(settings), code=settings.code)
    files.write(bin_folder / "aula", text, mode=0o700)
    if settings.cluster == "machine" and look(settings).version == 0:
        load_demo(settings)
    if settings.site.pool:
        aula(settings, ["people", "pool", *settings.site.pool])


def load_demo(settings: Settings) -> None:
    """Bring the demo class in; who and what is there already stays as it is."""
    document = demo.document(settings, secrets.demo_passwords(settings))
    aula(settings, ["people", "load", "-"], text=json.dumps(document))


def look(settings: Settings) -> people.People:
    """Ask the database what the machine must know, and keep the answer."""
    answer = aula(settings, ["people", "state"])
    files.write(people.file(settings), answer, mode=0o600)
    return people.read(settings)


def aula(settings: Settings, words: Sequence[str], *, text: str = "", root: Path | None = None) -> str:
    """Run a command of `aula` on the database as the portal's account, and return what it printed.

    `root` holds the courses that it reads, by default those that were installed.
    """
    portal = settings.site.portal_account
    groups = f"{portal},{settings.site.course_account}"  # the courses are the course account's to read
    identity = ["setpriv", f"--reuid={portal}", f"--regid={portal}", f"--groups={groups}", "--"]
    environment = {
        "HOME": str(home(settings, portal)),
        "LANG": "C.UTF-8",
        "PATH": "/usr/sbin:/usr/bin:/bin",
        "AULA_DATABASE": address(settings),  # not among the words, which everybody sees
    }
    command: list[str | Path] = [*identity, _program(settings), "--root", root or settings.code, *words]
    return run(command, env=environment, inherit=False, input=text, cwd=Path("/"), name=f"aula {' '.join(words[:2])}")


def _program(settings: Settings) -> Path:
    return settings.environment("hub") / "bin" / "aula"
