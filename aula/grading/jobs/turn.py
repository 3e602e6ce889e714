"""The job script's place in a trial: it is run when the first test asks for `job`, and once."""

import ast
import base64
from typing import Protocol

from aula.course import JobScript
from aula.grading.errors import NonsenseError, ScriptError
from aula.grading.jobs.done import Done
from aula.grading.jobs.script import MOST_BYTES

NAME = "job"
"""What tests call it."""


class Runs(Protocol):
    """What runs a script."""

    @property
    def bounds(self) -> JobScript:
        """What it may ask for."""

    def run(self, script: bytes) -> Done:
        """Return what came of it. Raises ScriptError, JobsError."""


class Asks(Protocol):
    """A process in a sandbox."""

    def ask(self, message: dict[str, object], timeout_s: float) -> dict[str, object]:
        """Return its answer. Raises SubmissionError."""


class Turn:
    """The one job of a submission."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._had, self._why = False, ""

    def take(self, student: Asks, judge: Asks, timeout_s: float) -> None:
        """Have the job run that the notebook left the script of, and let the judge have what came of it.

        Raises ScriptError, each time, where there is none or it must not be run; SubmissionError where the notebook's
        process does not answer, JobsError where Slurm does not do what it should.
        """
        if not self._had:
            script = self._script(student, timeout_s)
            try:
                done = self._runs.run(script)
                judge.ask({"do": NAME, "job": done.told()}, timeout_s)
            except ScriptError as error:
                self._why = f"Your job script was not run: {error}."
            self._had = True
        if self._why:
            raise ScriptError(self._why)

    def _script(self, student: Asks, timeout_s: float) -> bytes:
        name = self._runs.bounds.script
        answer = student.ask({"do": "file", "name": name, "most": MOST_BYTES + 1}, timeout_s).get("file")
        if answer is None:
            return b""
        try:
            return base64.b64decode(str(answer), validate=True)
        except ValueError as error:
            raise NonsenseError("its answer cannot be used: its file is none") from error


def asks(source: str) -> bool:
    """Return whether a test's code uses the job without making it itself."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    names = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == NAME]
    return bool(names) and all(isinstance(one.ctx, ast.Load) for one in names)
