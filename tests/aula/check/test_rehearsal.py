"""Notebooks that go wrong in every way that we know are findings that name the cell, in bounded time and memory."""

import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from aula import kernel
from aula.check import check, rehearsal, selection
from aula.check.finding import Outcome
from aula.check.page import Page
from aula.check.sizes import OTHER_SEED
from aula.run.execute import MEMORY_MB
from aula.run.job import Result, State
from tests.aula.check.good_course import CONTRACT, write_course

ANSWER = "print(sum(range(size)))"
SHORT = f"# Short\n\n```{{code-cell}}\n:tags: [parameters]\nsize = 3\n```\n\n```{{code-cell}}\n{ANSWER}\n```\n"
LINE = SHORT.splitlines().index(ANSWER) + 1
HASH = subprocess.run(
    [sys.executable, "-c", "print(hash('aula'))"],
    env={"PYTHONHASHSEED": str(OTHER_SEED)},
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()
RULES = selection.rules(["runs-clean", "runs-at-second-size", "time-and-memory"])
LIMIT_S = 3
LONGEST_S = 240
MOST_MB = 2000
# For each lesson: its answer, the rule that tells it (None: it is fine), words of the sentence.
LESSONS = {
    "never-ends": ("while True:\n    pass", "time-and-memory", "longer than the notebook's 3 s"),
    "is-kept-waiting": ("import time\ntime.sleep(5)", None, ""),
    "prints-1-gb": ("print('x' * 10**9)", "runs-clean", "prints more than 16 MB: print less"),
    "prints-without-end": ("while True:\n    print('x' * 10**6)", "runs-clean", "prints more than 16 MB"),
    "kills-its-kernel": ("import os\nos._exit(3)", "runs-clean", "the kernel died"),
    "needs-30-gb": ("many = bytearray(30 * 2**30)", "time-and-memory", "MemoryError"),
    "warns": ("import warnings\nwarnings.warn('careful')", "runs-clean", "UserWarning: careful"),
    "fixed-size": ("print('abcd'[size])", "runs-at-second-size", "Run with size=7: IndexError"),
    "lives-by-luck": (
        f"assert hash('aula') != {HASH}, 'luck'",
        "runs-at-second-size",
        "luck",
    ),
    "waits-for-slurm": ("import subprocess\nsubprocess.run(['sbatch', 'no.sh'])", None, ""),
    "own-loopback": (
        "import os, socket\nassert len(os.sched_getaffinity(0)) <= 2\n"
        "with socket.create_server(('127.0.0.1', 0)) as door:\n"
        "    socket.create_connection(door.getsockname()).close()",
        None,
        "",
    ),
}
LIMITED = ("never-ends", "is-kept-waiting")
NETWORK = "import socket\nassert socket.if_nameindex() == [(1, 'lo')]\nsocket.create_connection(('192.0.2.1', 80), 5)"


@dataclass(frozen=True)
class Rehearsed:
    """What came of the lessons, how long it took, and what this program's own memory grew to."""

    outcome: Outcome
    seconds: float
    memory_mb: int


def rehearse(folder: Path, kept: Path | None = None) -> Outcome:
    """Return what the rules that execute notebooks find."""
    with kernel.settled(Path(sys.executable).parent):
        return check.check(folder.parents[1], [folder], RULES, kept=kept)


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """All the lessons, executed in one course."""
    folder = write_course(tmp_path_factory.mktemp("lessons"))
    answers = {name: answer for name, (answer, _, _) in LESSONS.items()} | {"asks-the-network": NETWORK}
    lesson = "  - {{file: {}, minutes_teaching: 5, minutes_exercises: 5, time_limit_s: {}, {}}}\n"
    sizes = "parameters: {second: {size: 7}}"
    listed = "".join(lesson.format(name, LIMIT_S if name in LIMITED else 60, sizes) for name in answers)
    (folder / "course.yml").write_text(CONTRACT.replace("assignments:\n", f"{listed}assignments:\n"))
    for name, answer in answers.items():
        (folder / f"lessons/{name}.md").write_text(SHORT.replace(ANSWER, answer))
    begun = time.monotonic()
    outcome = rehearse(folder)
    seconds = time.monotonic() - begun
    return Rehearsed(outcome, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)


@pytest.mark.parametrize(("name", "rule", "words"), [(n, rule, words) for n, (_, rule, words) in LESSONS.items()])
def test_each_trouble_is_one_finding(rehearsed: Rehearsed, name: str, rule: str | None, words: str) -> None:
    """The rule names file, line and trouble, and a remedy; what is fine is not found."""
    found = [one for one in rehearsed.outcome.findings if one.file.endswith(f"/{name}.md")]
    assert [one.rule for one in found] == ([rule] if rule else [])
    for one in found:
        assert words in one.sentence
        assert one.line == LINE
        assert one.remedy


def test_time_and_memory_are_bounded_and_nothing_is_lost(rehearsed: Rehearsed) -> None:
    """Whatever the lessons do, the check ends soon, stays small, and knows every notebook's time and memory."""
    assert rehearsed.seconds < LONGEST_S
    assert rehearsed.memory_mb < MOST_MB
    named = {run.notebook.rpartition("/")[2] for run in rehearsed.outcome.runs}
    assert named == {*LESSONS, "asks-the-network", "01-sums", "sums"} - {"waits-for-slurm"}
    well = [run for run in rehearsed.outcome.runs if run.state == "ok"]
    assert any(run.notebook.endswith("/is-kept-waiting") for run in well)
    assert all(0 < run.seconds <= run.limit_s and 0 < run.memory_mb < MEMORY_MB for run in well)


def test_a_lesson_that_waits_for_slurm_is_told(rehearsed: Rehearsed) -> None:
    """It is not executed here, and the report says so and why."""
    assert any(
        re.match(r"good/lessons/waits-for-slurm (hands work to|uses) Slurm", one) for one in rehearsed.outcome.notes
    )


def test_the_network_is_refused(rehearsed: Rehearsed) -> None:
    """A notebook finds no network; where an account may not refuse it, the report says so and nothing is claimed."""
    if any("network was not refused" in note for note in rehearsed.outcome.notes):
        pytest.skip("this account may make no network namespace")
    (found,) = [one for one in rehearsed.outcome.findings if one.file.endswith("/asks-the-network.md")]
    assert (found.rule, found.line) == ("runs-clean", LINE)
    assert "Network is unreachable" in found.sentence


def test_what_ran_clean_is_not_run_again(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second check takes every notebook from the first; where no network can be refused, both say so."""
    monkeypatch.setattr(rehearsal, "can_be_alone", lambda: False)
    first = rehearse(good, tmp_path / "kept")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a kernel is started")

    monkeypatch.setattr(rehearsal, "zygote", refuse)
    again = rehearse(good, tmp_path / "kept")
    assert first.runs == again.runs != ()
    assert again.findings == ()
    assert ["The network was not refused" in note for note in again.notes] == [True]


def test_what_counts_is_what_a_notebook_computes(good: Path) -> None:
    """It is as slow as it computes, or as the clock says where that is less, or where nothing else is known."""
    page = Page.read(good / "lessons/01-sums.md")

    def slow(state: State, seconds: float, cpu_s: float) -> bool:
        result = Result("good", "lessons/01-sums", state, seconds, "", "", "", cpu_s=cpu_s)
        return rehearsal.Run(page, {}, 60, result).slow

    assert slow("ok", 300, 61)
    assert slow("ok", 61, 0)
    assert slow("timeout", 300, 10)
    assert not slow("ok", 299, 59)
    assert not slow("ok", 59, 110)  # on two cores


def test_a_clean_run_that_was_too_large_says_how_large(good: Path) -> None:
    """A notebook may run without an error and hold too much all the same."""
    page = Page.read(good / "lessons/01-sums.md")
    result = Result("good", "lessons/01-sums", "ok", 5, "", "", "", memory_mb=MEMORY_MB + 1)
    run = rehearsal.Run(page, {}, 60, result)
    assert run.large
    assert run.problem().sentence == f"Run: held {MEMORY_MB + 1} MB"
