"""A sandbox that tests share, students and judges, and a course run with a small course released into it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import get_kernel_spec
from nbformat import NotebookNode

from aula.grading import statements, template
from aula.grading.boxed import Boxed
from aula.grading.limits import Limits
from aula.grading.sandbox import Sandbox, sandbox
from aula.grading.template import Template
from aula.release import release
from tests.aula.small_course import load

Begin = Callable[..., Boxed]
HERE = Path(__file__).resolve().parent
INSIDE = HERE.parents[2] / "aula" / "grading"
Answers = list[dict[str, Any]]


@pytest.fixture(scope="session")
def python(settled: None) -> Path:  # noqa: ARG001  it says where kernels are
    """Return the interpreter that notebooks run on."""
    return Path(get_kernel_spec("python3").argv[0])


@pytest.fixture(scope="session")
def students(python: Path) -> Iterator[Sandbox]:
    """Return a sandbox that students are forked in."""
    with sandbox(python, ["numpy", "pandas", "matplotlib.pyplot"], "student") as running:
        yield running


@pytest.fixture
def begin(students: Sandbox) -> Iterator[Begin]:
    """Return what begins a student; all end with the test."""
    with ExitStack() as all_of_them:

        def begin(files: Path | None = None, limits: Limits | None = None, seed: int = 0) -> Boxed:
            ours, theirs = socket.socketpair()
            all_of_them.enter_context(ours)
            return all_of_them.enter_context(students.student(files, limits or Limits(), theirs, seed))

        yield begin


@pytest.fixture
def run_dir(small: Path, tmp_path: Path, settled: None) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run's folder, with the small course's assignment released."""
    release.release(load(small), tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def author(run_dir: Path) -> Template:
    """Return the assignment as it was released."""
    return template.read(run_dir, "sums")


@pytest.fixture
def handed_out(run_dir: Path) -> NotebookNode:
    """Return the notebook that trainees get."""
    node: NotebookNode = nbformat.read(run_dir / "release/sums/sums.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return node


def interpreter(kernel: str = "python3") -> str:
    """Return the Python of a kernel's environment, which has nothing of ours; the tests' own where there is none."""
    kernels = (Path(one) for one in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if one)
    found = (one.parents[1] / "bin" / "python" for one in kernels if (one / "kernels" / kernel).is_dir())
    return str(next((one for one in found if one.exists()), sys.executable))


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[dict[str, Any]], Answers]]:
    """Return what runs cells as a student and tests as a judge, and returns the answers."""
    command = [interpreter("torch"), "-W", "ignore", str(HERE / "twins.py"), str(INSIDE)]
    place = tmp_path_factory.mktemp("twins")  # where what they write goes
    with subprocess.Popen(command, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

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
