"""The two sandboxes of an assignment: one for what was handed in, one for the judges, with what they import loaded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aula import kernel
from aula.errors import RunError
from aula.grading.errors import GradingError
from aula.grading.popular import popular
from aula.grading.sandbox import Sandbox, sandbox
from aula.run.warm.imports import wanted


@dataclass(frozen=True)
class Pair:
    """Two sandboxes that may be loading still."""

    python: Path
    """The interpreter in them."""
    students: Sandbox
    judges: Sandbox


@contextmanager
def pair(author: NotebookNode, packages: Iterable[str] = ()) -> Iterator[Pair]:
    """Run the sandboxes of an author's notebook; that of the students has loaded these packages too.

    The thread that enters must stay. Raises GradingError where the machine permits no sandbox, or the kernel's
    environment is missing.
    """
    python, modules = _python(author), wanted([author])
    theirs = dict.fromkeys([*modules, *packages])
    with sandbox(python, theirs, "student") as students, sandbox(python, modules, "judge") as judges:
        yield Pair(python, students, judges)


@contextmanager
def begun(run_dir: Path, assignment: str) -> Iterator[Pair | None]:
    """Run the sandboxes of an assignment while whoever grades is still loading; None where it cannot be read."""
    try:
        text = (run_dir / "source" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8")
        author: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    except (OSError, ValueError):
        yield None  # whoever grades says what is wrong
        return
    with pair(author, popular(run_dir, assignment)) as boxes:
        yield boxes


def _python(author: NotebookNode) -> Path:
    """Return the interpreter of the kernel that a notebook names."""
    try:
        return kernel.python(kernel.of(author))
    except RunError as error:
        raise GradingError(str(error)) from error
