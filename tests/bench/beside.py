"""How much later honest work is done where hostile work is in the batch with it, for `BENCH=grade`."""

import os
import re
import subprocess
import time
from pathlib import Path
from statistics import median

import nbformat

from aula import notebook
from tests.bench.alike import fresh
from tests.grading.attacks import exhausting

TASK = "curves"
ROUNDS = 3
HOSTILE = tuple(attack for attack in exhausting.ATTACKS if attack.task == TASK)[:5]
"""What exhausts time, memory, disk or processes: an eighth of the batch, spread over it."""
DONE = re.compile(r"\[\d+/\d+\] (\S+):")


def times_as_long(aula: Path, environment: dict[str, str], template: Path, place: Path) -> float:
    """Return after how many times the time the last honest work is done, of that with honest work in its place."""
    students = sorted(path.parent.name for path in (template / "submitted").glob(f"*/{TASK}"))
    spread = students[:: len(students) // len(HOSTILE)][: len(HOSTILE)]
    waited: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for hostile in waited:
            run = fresh(template, place)
            released = nbformat.read(run / "release" / TASK / f"{TASK}.ipynb", as_version=4)
            for student, attack in zip(spread, HOSTILE, strict=True):
                if hostile:
                    notebook.write(attack.node(released), run / "submitted" / student / TASK / f"{TASK}.ipynb")
            waited[hostile].append(_seconds(aula, environment, run, set(students) - set(spread)))
    return median(waited[True]) / median(waited[False])


def _seconds(aula: Path, environment: dict[str, str], run: Path, honest: set[str]) -> float:
    """Grade until the work of all of these is done; return how long that took."""
    path = os.pathsep.join([str(aula.parent), os.environ.get("PATH", os.defpath)])
    variables = {**os.environ, **environment, "PATH": path, "PYTHONUNBUFFERED": "1"}
    began = time.perf_counter()
    with subprocess.Popen([aula, "grade", run, TASK], env=variables, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if match := DONE.match(line):
                honest.discard(match[1])
            if not honest:
                break
        took = time.perf_counter() - began
        process.terminate()
    assert not honest, f"not graded: {', '.join(sorted(honest))}"
    return took
