"""Who changes a mark, and by which program."""

import os
import pwd
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ACTOR = "AULA_ACTOR"
"""The variable by which formgrader tells a command who has asked for it."""


def who() -> str:
    """Return the name of who is signed in at the formgrader; in a command, who asked for it, or the account."""
    if found := _signed_in():
        return found
    if asked := os.environ.get(ACTOR):
        return asked
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def through() -> str:
    """Return what it is done with: formgrader, or a command's first words."""
    if _signed_in():
        return "formgrader"
    words = [one for one in sys.argv[1:] if not one.startswith("-") and "/" not in one]  # a path is an option's value
    program = Path(sys.argv[0])
    name = program.parent.name if program.name == "__main__.py" else program.name
    return " ".join([name, *words[:1]])[:80]


def nbgrader() -> str:
    """Return nbgrader's version, in words."""
    try:
        return f"nbgrader {version('nbgrader')}"
    except PackageNotFoundError:
        return "nbgrader"


def _signed_in() -> str:
    """Return the user of the request that this server answers just now; "" where it answers none."""
    server = sys.modules.get("jupyter_server")  # who answers requests has it already
    handler = server.CallContext.get(server.CallContext.JUPYTER_HANDLER) if server else None
    return str(getattr(getattr(handler, "current_user", None), "username", "") or "")
