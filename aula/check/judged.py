"""The author's own solution as trainees' work is graded: in a sandbox, its tests in a process of their own."""

import sys
from dataclasses import dataclass
from pathlib import Path

from aula.course import JobScript
from aula.grading import template
from aula.grading.attempts import attempts
from aula.grading.errors import UnpassedError
from aula.grading.jobs import stand_in
from aula.grading.jobs.done import Done
from aula.grading.limits import Limits
from aula.grading.pair import pair

CELL_S = 60.0


@dataclass(frozen=True)
class _Rehearsed:
    """Runs the author's job script on this machine."""

    bounds: JobScript
    source: Path

    def run(self, script: bytes) -> Done:
        """Return what came of it. Raises ScriptError."""
        return stand_in.run(script, self.bounds, self.source, Path(sys.executable))


def lost(run: Path, name: str, job: JobScript | None) -> UnpassedError | None:
    """Return what does not pass for an assignment that was released into a course run; None where all does.

    Needs the environment of aula.kernel.settled. Raises SandboxError where this machine permits no sandbox.
    """
    source = run / "source" / name
    scripts = _Rehearsed(job, source) if job else None
    try:
        author = template.read(run, name)
        with pair(author.node) as boxes:
            attempts(author, source, boxes, Limits(), CELL_S, scripts)
        return None
    except UnpassedError as error:
        return error
