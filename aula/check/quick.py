"""The quick way to grade: an assignment's cells in one process, mutants in forks of it, without nbgrader."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aula import kernel
from aula.check import runner
from aula.check.result import Points
from aula.errors import CheckError

SECONDS = 10
CELL_SECONDS = 30
"""As long as nbgrader lets a cell run."""
MEMORY = 4 * 2**30
WHOLE_S = 900


class StuckError(CheckError):
    """The cells did not come to an end in one process, or ended the process itself."""


@dataclass(frozen=True)
class Trial:
    """What the reference, or another version, earned by the quick way, and which mutants its tests noticed."""

    points: Points
    killed: frozenset[int]


def trial(
    folder: Path,
    cells: Sequence[str],
    tests: Mapping[int, tuple[str, float]],
    mutants: Sequence[Mapping[int, str]] = (),
    seed: str = "0",
    on: str = kernel.NAME,
) -> Trial:
    """Execute the cells in a copy of the assignment's folder; tests gives grade id and points by a cell's place.

    They run on the interpreter of a kernel, by its name.
    A mutant is the answers that it puts in place of others, by their places; it has 10 s and 4 GiB. Needs the
    environment of aula.kernel.settled. Raises StuckError where the cells do not come to an end.
    """
    with TemporaryDirectory(prefix="aula-trial-") as place:
        work = Path(place) / "work"
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns("*.md", ".*", "__pycache__"))
        order = {
            "cells": list(cells),
            "tests": list(tests),
            "mutants": list(mutants),
            "scratch": place,
            "seconds": SECONDS,
            "cell_seconds": CELL_SECONDS,
            "memory": MEMORY,
        }
        environment = {**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg"}
        try:
            done = subprocess.run(
                [kernel.python(on), "-B", runner.__file__],
                input=json.dumps(order),
                capture_output=True,
                text=True,
                cwd=work,
                env=environment,
                timeout=WHOLE_S,
            )
            answer = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
            raise StuckError(f"{folder}: its cells did not come to an end in one process") from error
    failed = set(answer["failed"])
    scores = {name: (0.0 if place in failed else worth, worth) for place, (name, worth) in tests.items()}
    return Trial(Points.of(scores), frozenset(answer["killed"]))
