"""`make check`: what is wrong with courses, as `aula check` says it, in the environments that `up` makes."""

import os
import subprocess
from collections.abc import Sequence

from deploy import environments, packages
from deploy.classroom import classroom
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings

NEEDED = ("python3-venv", "git")
REPORT = CHECKOUT / "build" / "junit" / "check.xml"


def check(settings: Settings, courses: Sequence[str], changed: str = "") -> int:
    """Check these courses of the checkout, or all; with `changed`, what is other than in this branch or commit.

    Return the exit status of `aula check`. A JUnit report goes to build/junit/check.xml, and annotations to GitHub.
    """
    classroom.needs_root()
    with step("Debian's packages"):
        packages.ensure(NEEDED)
    for name in ("tools", *environments.of_courses()):
        with step(f"Python environment: {name}"):
            environments.up(settings, name)
    done = subprocess.run(words(settings, courses, changed), cwd=CHECKOUT, env=environment(settings), check=False)
    say(f"\nJUnit: {REPORT.relative_to(CHECKOUT)}")
    return done.returncode


def words(settings: Settings, courses: Sequence[str], changed: str) -> list[str]:
    """Return the command that checks."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    since = ["--changed", changed] if changed.strip("0") else []  # zeros: a branch that is new
    told = ["--github"] if os.environ.get("GITHUB_ACTIONS") else []
    tool = settings.environment("tools") / "bin" / "aula"
    return [str(tool), "--root", str(CHECKOUT), "check", *courses, *since, *told, "--junit", str(REPORT)]


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of that command: courses run on the Python that trainees have."""
    return {**os.environ, "JUPYTER_PATH": environments.jupyter_path(settings)}
