"""A student and a judge for each test, forked from one process that has numpy and pandas loaded."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aula.grading import statements

HERE = Path(__file__).resolve().parent
INSIDE = HERE.parents[2] / "aula" / "grading"
Answers = list[dict[str, Any]]


def interpreter() -> str:
    """Return the user environment's Python, which has nothing of ours; the tests' own where there is none."""
    kernels = (Path(one) for one in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if one)
    found = (one.parents[1] / "bin" / "python" for one in kernels)
    return str(next((one for one in found if one.exists()), sys.executable))


@pytest.fixture(scope="session")
def twins() -> Iterator[Callable[[dict[str, Any]], Answers]]:
    """Return what runs cells as a student and tests as a judge, and returns the answers."""
    command = [interpreter(), "-W", "ignore", str(HERE / "twins.py"), str(INSIDE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(request: dict[str, Any]) -> Answers:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answers: Answers = json.loads(process.stdout.readline())
            return answers

        yield ask
        process.stdin.close()


@pytest.fixture(scope="session")
def graded(twins: Callable[[dict[str, Any]], Answers]) -> Callable[..., Answers]:
    """Return what runs a submission's cells, then test cells, and returns the verdicts."""

    def run(cells: list[str], tests: list[str], *, own: list[str] | None = None, **begin: Any) -> Answers:
        names = sorted({name for cell in [*cells, *begin.pop("reference", [])] for name in statements.bound(cell)})
        begins = {"own": own or [], "names": names, "operators": None, **begin}
        steps = [*(["run", cell] for cell in cells), *(["test", test] for test in tests)]
        answers = twins({"begin": begins, "steps": steps})
        return answers[1 + len(cells) :]

    return run
