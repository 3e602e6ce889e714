"""A notebook whose tests use a job script's job, made ready to run where no engine and no Slurm is there."""

import os
import sys
from pathlib import Path

import aula_spawner.slurm
from nbformat import NotebookNode

import aula
from aula.course import JobScript
from aula.grading.inside import recorded
from aula.grading.jobs import stand_in
from aula.grading.jobs.turn import NAME, asks
from aula.recording import recording

CELL = """\
import json as _json, subprocess as _subprocess, sys as _sys, types as _types
_done = _subprocess.run([*{words!r}, _sys.executable], env={environment!r}, capture_output=True, text=True)
assert _done.returncode == 0, _done.stderr
{name} = _types.SimpleNamespace(**_json.loads(_done.stdout))
"""

RECORDED = "import runpy as _runpy\n_slurm = _runpy.run_path({program!r})['begin']({recording!r})\n"


def prelude(folder: Path) -> str:
    """Return the code by which Slurm's commands answer from the recording of the assignment in a folder; or none."""
    found = recording.read(folder)
    return RECORDED.format(program=recorded.__file__, recording=found) if found else ""


def cell(bounds: JobScript, source: Path) -> str:
    """Return the code by which a notebook has `job`; source is the folder of the assignment's files."""
    packages = sorted({str(Path(aula.__path__[0]).parent), str(Path(aula_spawner.slurm.__path__[0]).parents[1])})
    environment = {"PYTHONPATH": os.pathsep.join(packages)}
    words = [sys.executable, "-P", "-m", stand_in.__name__, str(source.resolve()), bounds.model_dump_json()]
    return CELL.format(words=words, environment=environment, name=NAME)


def given(node: NotebookNode, bounds: JobScript | None, source: Path) -> None:
    """Let a notebook of the assignment in a folder have what it has in the sandbox, in its own cells.

    That is the job, in the first test that uses it, and Slurm's commands, as they were recorded, in the first cell.
    """
    if bounds:
        give_job(node, bounds, source)
    codes = [one for one in node.cells if one.cell_type == "code"]
    if codes and (begin := prelude(source)):
        codes[0].source = begin + codes[0].source


def give_job(node: NotebookNode, bounds: JobScript, source: Path) -> None:
    """Let the first test of a notebook that uses the job have it."""
    if using := first(node):
        using.source = cell(bounds, source) + using.source


def first(node: NotebookNode) -> NotebookNode | None:
    """Return the first cell of a notebook that uses the job; None where none does."""
    return next((one for one in node.cells if one.cell_type == "code" and asks(one.source)), None)
