"""`make bench BENCH=grade`: forty trainees hand in two notebooks with numpy and pandas each, and all are graded.

Ours is `aula grade`; the peers are nbgrader's `autograde`, as one process, and as five at once, each with students of
its own; both as it is usually installed and without the slow import. All use the same kernel. Each starts from the same
course folder, and must come to the same scores, cell by cell; so must ours and nbgrader on every course's assignments,
and on nbgrader's example.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aula import kernel, notebook
from deploy.progress import say
from deploy.settings import Settings
from tests.bench import at_once, beside
from tests.bench.alike import Grade, alike, fresh, same
from tests.bench.notebooks import describe_kernel
from tests.bench.report import OURS, Report
from tests.bench.scores import Scores, scores
from tests.grading import assignments, honest

STUDENTS, LANES, ROUNDS = 40, 5, 2
TRIES = 3
"""Runs of nbgrader beside each other die now and then, of a port or a locked database: they are started again."""


def benchmark() -> Report:
    """Grade all with each in turn; return the times in seconds."""
    settings = Settings.from_environment()
    samples: dict[str, list[float]] = {}
    found: dict[str, list[Scores]] = {}
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        place = Path(name)
        contestants = Contestants(settings, place)
        template = hand_in(place)
        for turn in range(1, ROUNDS + 1):
            for who, grade in contestants.all.items():
                run = fresh(template, place / "run")
                began = time.perf_counter()
                for task in assignments.TASKS:
                    grade(run, task)
                samples.setdefault(who, []).append(time.perf_counter() - began)
                found.setdefault(who, []).append(scores(run))
                say(f"  round {turn} of {ROUNDS}   {who:<22} {samples[who][-1]:6.1f} s")
        checked = same([one for each in found.values() for one in each])
        tools, kernels = settings.environment("tools") / "bin", contestants.kernels
        run = fresh(template, place / "run")
        submit_s = at_once.from_submit_s(tools / "python", kernels, run, place / "service")
        later = beside.times_as_long(tools / "aula", kernels, template, place / "run")
        checked &= alike(settings, contestants.ours, contestants.one_process("stock-shimmed"))
    return Report(
        name="grade",
        what=f"{STUDENTS} submissions of two notebooks each with numpy and pandas, graded",
        unit="s",
        samples=samples,
        checked=checked,
        configuration={
            "kernel": "the user environment's, for all",
            "cores": os.cpu_count(),
            "lanes of autograde-x5": LANES,
            "from_submit_s": round(submit_s, 3),
            "honest work beside hostile, times as long": round(later, 2),
            "runs that died and were started again": dict(contestants.died),
        },
    )


def hand_in(place: Path) -> Path:
    """Release the course into place/run, hand in everybody's work; return a copy of that folder to start from."""
    run = place / "run"
    with kernel.settled(Path(sys.executable).parent):
        released = assignments.release_course(place, run)
    tasks = len(released)
    for number, one in enumerate(honest.submissions(released, STUDENTS * tasks)):
        student = number // tasks
        folder = run / "submitted" / f"lane{student % LANES}-{student:02}" / one.task
        shutil.copytree(run / "release" / one.task, folder)
        notebook.write(one.node, folder / f"{one.task}.ipynb")
    return run.rename(place / "template")


class Contestants:
    """Who grades, each by its name: a function of a course folder and an assignment."""

    def __init__(self, settings: Settings, place: Path) -> None:
        self.settings = settings
        self._theirs = describe_kernel(settings, place)
        self.kernels = {"JUPYTER_PATH": str(settings.environment("user") / "share" / "jupyter")}
        self.died: dict[str, int] = {}

    @property
    def all(self) -> Mapping[str, Grade]:
        """Every contestant of the timing."""
        return {
            OURS: self.ours,
            "autograde": self.one_process("stock"),
            "autograde-shimmed": self.one_process("stock-shimmed"),
            "autograde-x5": self.lanes("stock"),
            "autograde-x5-shimmed": self.lanes("stock-shimmed"),
        }

    def ours(self, run: Path, task: str) -> None:
        """Grade with `aula grade`."""
        self._run(run, self.settings.environment("tools") / "bin" / "aula", "grade", run, task, variables=self.kernels)

    def one_process(self, peer: str) -> Grade:
        """Return nbgrader's way: one submission after the other."""
        return lambda run, task: self._autograde(peer, run, task, "*")

    def lanes(self, peer: str) -> Grade:
        """Return how impatient instructors do it: one run of nbgrader for each part of the class."""

        def grade(run: Path, task: str) -> None:
            with ThreadPoolExecutor(LANES) as pool:
                students = [f"lane{lane}-*" for lane in range(LANES)]
                list(pool.map(lambda some: self._autograde(peer, run, task, some), students))

        return grade

    def _autograde(self, peer: str, run: Path, task: str, students: str) -> None:
        program = self.settings.environment(peer) / "bin" / "nbgrader"
        for left in reversed(range(TRIES)):
            try:
                return self._run(run, program, "autograde", task, f"--student={students}", variables=self._theirs)
            except subprocess.CalledProcessError:
                if not left:
                    raise
                self.died[peer] = self.died.get(peer, 0) + 1
        return None

    def _run(self, run: Path, *words: str | Path, variables: Mapping[str, str]) -> None:
        path = os.pathsep.join([str(Path(words[0]).parent), os.environ.get("PATH", os.defpath)])
        # PYTHONWARNINGS stays out: kernels inherit it, and nbgrader gives no points to a test that warned.
        subprocess.run(words, cwd=run, env={**os.environ, **variables, "PATH": path}, check=True, capture_output=True)
