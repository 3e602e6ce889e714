"""Records what Slurm answers to an assignment: its solution runs once, on a real cluster, and each command is noted."""

import getpass
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aula import assignment, notebook
from aula.catalogue import Course
from aula.course import Assignment
from aula.errors import RunError
from aula.grading.inside.recorded import COMMANDS
from aula.grading.jobs import rehearsed
from aula.recording import noting, recording
from aula.recording.recording import Answered
from aula.run.here import Here
from aula.run.job import Job
from aula.run.runner import carry_out

LIMIT_S = 600
TRAINEE = "student"
"""Stands where an account's name is: as in the sandbox."""


def record(course: Course, task: Assignment, tell: Callable[[str], None] = print) -> Path:
    """Run an assignment's solution, and write what Slurm answered beside its text; return the file.

    Needs the environment of aula.kernel.settled. Raises RunError where the solution does not run clean, or has asked
    Slurm for nothing.
    """
    text = course.assignment_file(task)
    node = assignment.read(text, task.points)
    if task.job:
        rehearsed.give_job(node, task.job, text.parent)
    with TemporaryDirectory(prefix="aula-") as name, _noted(Path(name)) as notes:
        out, place = Path(name) / "out", Path(name) / "work"
        ignored = shutil.ignore_patterns(text.name, recording.FILE, ".*", "__pycache__")
        shutil.copytree(text.parent, place, ignore=ignored)
        executed = out / "executed" / course.id / "assignments" / f"{task.name}.ipynb"
        job = Job(course.id, "assignments", task.name, place, place, executed, LIMIT_S)
        notebook.write(node, job.notebook)
        (result,) = carry_out([job], out, Here(1), None, tell)
        if result.state != "ok":
            raise RunError(f"{text}: nothing was recorded, for the solution does not run clean:\n{result.error}")
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    if not lines:
        raise RunError(f"{text}: its solution asks Slurm for nothing: there is nothing to record")
    return recording.write(text.parent, tuple(_answered(line) for line in lines))


@contextmanager
def _noted(folder: Path) -> Iterator[Path]:
    """Put commands that note what they answer first on PATH; yield the file of notes."""
    commands, notes, before = folder / "commands", folder / "notes", dict(os.environ)
    commands.mkdir()
    for name in COMMANDS:
        path = commands / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {noting.__file__} {name} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    usual = before.get("PATH", os.defpath)
    os.environ.update({noting.NOTES: str(notes), noting.REAL: usual, "PATH": f"{commands}:{usual}"})
    try:
        yield notes
    finally:
        os.environ.clear()
        os.environ.update(before)


def _answered(line: str) -> Answered:
    """Return what was noted, without the name of the account that it was recorded as."""
    said = json.loads(line)
    name = re.compile(rf"\b{re.escape(getpass.getuser())}\b")
    plain = {key: name.sub(TRAINEE, said[key]) for key in ("stdout", "stderr")}
    return Answered(**{**said, **plain, "words": [name.sub(TRAINEE, word) for word in said["words"]]})
