"""The installed copy of what unprivileged accounts and nodes read: a few folders and files.

The courses are for the course account alone.
"""

import compileall
import shutil
from pathlib import Path

from deploy import environments, files
from deploy.command import run
from deploy.errors import CommandError
from deploy.settings import CHECKOUT, Settings

MATERIAL = ("courses", "book")
PARTS = (
    *("hub_config", *MATERIAL),
    "spawners/aula_spawner/server",  # runs in people's servers, on nodes
    "aula/web/aula_exchange",  # runs in people's servers and in formgraders
    "aula/web/aula_formgrader",  # runs in formgraders
    "aula/audit/aula_audit",  # in formgraders, and in the nbgrader commands of a run's account
)
FILES = (
    "pyproject.toml",  # the book says which version it is of,
    "CHANGELOG.md",  # and what changed
    "spawners/aula_spawner/singleuser.py",  # starts a server on a node, which does not see the hub's environment,
    "spawners/aula_spawner/credentials.py",  # and this gives it its key and certificate
)


def up(settings: Settings) -> None:
    """Copy the parts that changed to PREFIX/code."""
    files.folder(settings.code)
    for name in FILES:
        files.write(settings.code / Path(name).name, (CHECKOUT / name).read_text())
    for part in PARTS:
        name = Path(part).name
        source, target = CHECKOUT / part, settings.code / name
        stamp = settings.code / f".{name}"
        wanted = environments.fingerprint(source)
        if stamp.exists() and stamp.read_text() == wanted and target.is_dir():
            continue
        fresh = settings.code / f".new-{name}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(source, fresh, ignore=shutil.ignore_patterns("__pycache__"))
        if part == "courses":  # it holds solutions and hidden tests
            fresh.chmod(0o700)
        stamp.unlink(missing_ok=True)  # from here to the end, an interrupted run leaves a copy that is not trusted
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        files.write(stamp, wanted)
    compileall.compile_dir(settings.code, maxlevels=2, quiet=1)  # those who run it may not write there


def let_courses_be_read(settings: Settings) -> None:
    """Let the course account read the courses; it may not have been there yet when they were copied."""
    files.folder(settings.code / "courses", mode=0o750, group=settings.site.course_account)


def version(settings: Settings, part: str) -> str:
    """Return what a part was copied from, as a hash."""
    return (settings.code / f".{part}").read_text()


def edition() -> str:
    """Return what git calls the commit of the checkout; nothing where it cannot say. The book bears it."""
    try:
        return run(["git", "-C", CHECKOUT, "describe", "--tags", "--always", "--dirty"], timeout=30).strip()
    except CommandError:
        return ""
