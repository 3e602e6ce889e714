"""A class is graded as job arrays: as it is without, whatever becomes of a task, and with one who writes the marks."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aula.grading.arrays import arrays
from aula.grading.arrays.arrays import Arrays
from aula.grading.batch import Batch
from aula.grading.errors import GradingError
from aula.grading.limits import Limits
from aula.slurm import tasks, under_way
from tests.aula.grading.class_of import ENDLESS, RIGHT, WRONG, hand_in, points
from tests.aula.slurm.slurm_double import SlurmThatAnswers
from tests.aula.slurm.slurm_that_runs import SlurmThatRuns

LOST = "OUT_OF_MEMORY|0:125"


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmThatRuns]:
    """A Slurm that runs on this machine, and little patience with it."""
    for name, seconds in {"ASKS_S": 0.2, "SETTLES_S": 0.2, "SHOWS_S": 1.0}.items():
        monkeypatch.setattr(tasks, name, seconds)
    running = SlurmThatRuns(tmp_path / "slurm")
    yield running
    running.stop()


def batch(run_dir: Path, slurm: SlurmThatRuns, **more: Any) -> Batch:
    """Return a batch that is graded on this Slurm, one submission at once in each task."""
    place = Arrays({**slurm.environment, "JUPYTERHUB_API_TOKEN": "secret"}, "batch", "house")
    return Batch(run_dir, "run", "sums", 1, place=place, **more)


def test_everybody_gets_what_they_would_get_here(
    run_dir: Path, slurm: SlurmThatRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One array, a task for a share; the marks are in the gradebook, and the tasks have no token of ours."""
    monkeypatch.setattr(arrays, "FEWEST", 2)
    answers = {"ana": RIGHT, "bruno": WRONG, "carla": "1 / 0", "deniz": RIGHT}
    for student, answer in answers.items():
        hand_in(run_dir, student, answer)
    said: list[str] = []
    graded = batch(run_dir, slurm).grade(tell=said.append)
    assert points(run_dir) == {"ana": 2.0, "bruno": 0.0, "carla": 0.0, "deniz": 2.0}
    assert len(graded) == 4
    options, environment = slurm.job(1)["options"], slurm.job(1)["environment"]
    assert {"--array=0-1", "--partition=batch", "--account=house", "--cpus-per-task=2", "--mem=2048M"} <= set(options)
    assert "JUPYTERHUB_API_TOKEN" not in environment
    assert said[0].startswith("Slurm job 1: 4 submissions in 2 tasks in partition batch")
    assert sorted(line[:5] for line in said if line.startswith("[")) == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert batch(run_dir, slurm).grade(tell=said.append) == []
    assert slurm.jobs == 1


def test_what_a_dead_task_left_is_tried_once_more(run_dir: Path, slurm: SlurmThatRuns) -> None:
    """What it had done counts, and is not done again; the rest comes in tasks of its own."""
    for student in ("ana", "bruno", "carla"):
        hand_in(run_dir, student, RIGHT)
    slurm.let_die("1_0", after="ana", state=LOST)
    said: list[str] = []
    batch(run_dir, slurm).grade(tell=said.append)
    assert points(run_dir) == {"ana": 2.0, "bruno": 2.0, "carla": 2.0}
    (told,) = [line for line in said if "tried once more" in line]
    left = int(told.split()[0])
    assert "task 1_0 died: it needed more memory than its 2 GB (Slurm: OUT_OF_MEMORY)" in told
    assert f"--array=0-{left - 1}" in slurm.job(2)["options"]


def test_what_dies_twice_is_told_and_the_others_are_recorded(run_dir: Path, slurm: SlurmThatRuns) -> None:
    """The error names student, Slurm's reason and remedy; who was graded has their marks."""
    for student in ("ana", "bruno"):
        hand_in(run_dir, student, RIGHT)
    slurm.let_die("1_0", "2_0", after="", state="NODE_FAIL|1:0")
    with pytest.raises(GradingError, match=r"1 could not be graded, 1 are recorded. Grade again:\n") as caught:
        batch(run_dir, slurm).grade(tell=lambda _: None)
    assert re.search("ana: Slurm's task 2_0 died: its node failed", str(caught.value))
    assert points(run_dir) == {"bruno": 2.0}


def test_who_needs_longer_comes_last(run_dir: Path, slurm: SlurmThatRuns) -> None:
    """An endless loop is given back by its task, and comes to its end in a second array."""
    hand_in(run_dir, "ana", ENDLESS)
    for student in ("bruno", "carla"):
        hand_in(run_dir, student, RIGHT)
    said: list[str] = []
    batch(run_dir, slurm, limits=Limits(cpu_s=3)).grade(tell=said.append)
    assert points(run_dir) == {"ana": 0.0, "bruno": 2.0, "carla": 2.0}
    assert "ana needs longer: goes to the end of the queue" in said
    assert [line for line in said if line.startswith("[")][-1].startswith("[3/3] ana")
    assert "--array=0-0" in slurm.job(2)["options"]


def test_a_solution_that_does_not_pass_is_told(run_dir: Path, slurm: SlurmThatRuns) -> None:
    """The author reads what they would read here, and on which machine; nothing is tried again."""
    hand_in(run_dir, "ana", RIGHT)
    source = run_dir / "source/sums/sums.ipynb"
    source.write_text(source.read_text().replace("start=0", "start=1"))
    with pytest.raises(GradingError, match=r"On .*: assignment 'sums': nothing was graded, for the author's own"):
        batch(run_dir, slurm).grade(tell=lambda _: None)
    assert slurm.jobs == 1


def test_what_is_handed_in_anew_meanwhile_waits(
    run_dir: Path, slurm: SlurmThatRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No mark is given for something else than what was read: the error says to grade again."""
    hand_in(run_dir, "ana", RIGHT)
    hand_in(run_dir, "bruno", RIGHT)
    write = arrays.task.write

    def late(*words: Any) -> None:
        write(*words)
        hand_in(run_dir, "ana", WRONG)

    monkeypatch.setattr(arrays.task, "write", late)
    with pytest.raises(GradingError, match=r"1 are recorded. Grade again:\nana: it was handed in anew meanwhile"):
        batch(run_dir, slurm).grade(tell=lambda _: None)
    assert points(run_dir) == {"bruno": 2.0}


def grading(run_dir: Path, slurm: SlurmThatRuns) -> "subprocess.Popen[str]":
    """Start a process that grades on this Slurm."""
    words = [sys.executable, "-m", "aula.cli", "grade", str(run_dir), "sums", "--run", "run"]
    words += ["--on", "slurm", "--partition", "batch", "--jobs", "1"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=slurm.environment)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_cut_off_it_goes_on_where_it_was(run_dir: Path, slurm: SlurmThatRuns, number: signal.Signals) -> None:
    """Its jobs are cancelled, by itself or by who comes next, and no others; what was done is not done again."""
    hand_in(run_dir, "ana", RIGHT)
    hand_in(run_dir, "bruno", "import time; time.sleep(4)\n" + RIGHT)
    with grading(run_dir, slurm) as process:
        assert process.stdout is not None
        assert any(line.startswith("[1/2] ana") for line in process.stdout)
        process.send_signal(number)
        if number is not signal.SIGKILL and any(line.startswith("Cancelling") for line in process.stdout):
            process.send_signal(number)  # as timeout(1) does, and who presses Ctrl-C twice
    assert process.returncode
    assert points(run_dir) == {}
    name = run_dir / "grading/sums" / under_way.FILE
    if number is signal.SIGKILL:
        assert slurm.cancelled == []
    else:
        assert not name.exists()
    said: list[str] = []
    hand_in(run_dir, "bruno", RIGHT)
    batch(run_dir, slurm).grade(tell=said.append)
    (cancelled,) = slurm.cancelled
    assert f"--job-name={cancelled}" in slurm.job(1)["options"]
    assert any("ana" in line and "as before the interruption" in line for line in said)
    assert points(run_dir) == {"ana": 2.0, "bruno": 2.0}
    assert not name.exists()


def test_where_slurm_refuses_the_words_say_what_to_ask_for(run_dir: Path, tmp_path: Path) -> None:
    """Nothing is graded here instead: the account and the partition are named, for who may change that."""
    hand_in(run_dir, "ana", RIGHT)
    slurm = SlurmThatAnswers(tmp_path / "slurm")
    slurm.answer("sbatch", complaint="sbatch: error: Invalid account or account/partition combination", status=1)
    with pytest.raises(GradingError, match=r"Invalid account(?s:.*)tell the class's operator(?s:.*)partition 'batch'"):
        Batch(run_dir, "run", "sums", place=Arrays(slurm.environment, "batch")).grade(tell=lambda _: None)
    assert not (run_dir / "autograded").exists()


def test_nothing_is_taken_from_somebody_elses_file(run_dir: Path, tmp_path: Path) -> None:
    """A job's name that another account has written cancels nothing, and says what to do."""
    hand_in(run_dir, "ana", RIGHT)
    slurm = SlurmThatAnswers(tmp_path / "slurm")
    folder = run_dir / "grading/sums"
    folder.mkdir(parents=True)
    (folder / under_way.FILE).symlink_to("/etc/hostname")
    with pytest.raises(GradingError):
        Batch(run_dir, "run", "sums", place=Arrays(slurm.environment, "batch")).grade(tell=lambda _: None)
    assert slurm.calls("scancel") == []
    assert os.path.lexists(folder / under_way.FILE)
