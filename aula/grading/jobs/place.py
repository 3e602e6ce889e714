"""Where handed-in job scripts of a course run are run: the account and the program that the operator made for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aula.grading.errors import JobsError

FILE = "job-account.json"
"""Written into a course run's folder where the class is brought up."""


@dataclass(frozen=True)
class Place:
    """An account that owns nothing, and the command that runs one script as it."""

    account: str
    program: tuple[str, ...]
    """The command, run by the course run's account, that submits a script as that account: aula.grading.jobs.alone."""
    partition: str
    environment: Mapping[str, str]
    """What Slurm's commands need in their environment."""


def read(run_dir: Path) -> Place:
    """Return the place of a course run. Raises JobsError, with what to ask for, where it has none."""
    path = run_dir / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Place(said["account"], tuple(said["program"]), said["partition"], said["environment"])
    except FileNotFoundError as error:
        raise JobsError(
            "this assignment has a job script, and this course run has no account to run it as: ask the operator to "
            "name one under 'accounts.jobs' in site.yml, as the guide on grading says"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobsError(f"{path}: cannot be read: {error}: run make up again") from error
