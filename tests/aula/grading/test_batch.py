"""A class is graded: in sandboxes, at once, each once, and all of it into the gradebook together."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from nbformat import NotebookNode

from aula import marks
from aula.grading import attempts, restoring
from aula.grading.batch import Batch
from aula.grading.errors import GradingError
from aula.grading.limits import Limits
from aula.grading.record import Records
from aula.grading.template import Template
from aula.release import student_version
from tests.aula.grading.class_of import ENDLESS, RIGHT, WRONG, hand_in, points

HERE = {"PYTHONPATH": os.pathsep.join(sys.path)}
"""Lets a process of its own find what the tests find."""


def quiet(_: str) -> None:
    """Say nothing."""


def test_everybody_gets_what_nbgrader_would_give(run_dir: Path) -> None:
    """The same points as nbgrader's own autograde, cell by cell, and notebooks where formgrader looks for them."""
    answers = {"ana": RIGHT, "bruno": WRONG, "carla": "", "deniz": "1 / 0", "eva": "def total(n): return 42"}
    answers["fran"] = "import warnings\ndef total(numbers):\n    warnings.warn('so')\n    return sum(numbers)"
    for student, answer in answers.items():
        hand_in(run_dir, student, answer)
    Batch(run_dir, "run", "sums").grade(tell=quiet)
    ours = points(run_dir)
    assert ours == {"ana": 2.0, "bruno": 0.0, "carla": 0.0, "deniz": 0.0, "eva": 2.0, "fran": 0.0}
    api = student_version.api(run_dir, "run")
    assert api.get_autograded_students("sums") == set(answers)
    for student in answers:
        assert api.autograde("sums", student)["success"]
    assert points(run_dir) == ours


def test_an_endless_answer_is_nothing_and_nobody_waits_for_it(run_dir: Path) -> None:
    """It is graded with 0 and a reason that its trainee can read; the others have their points."""
    hand_in(run_dir, "ana", ENDLESS)
    hand_in(run_dir, "bruno", RIGHT)
    graded = Batch(run_dir, "run", "sums", cell_s=3).grade(tell=quiet)
    reasons = {one.student: one.marks["total-test"].reason for one in graded}
    assert points(run_dir) == {"ana": 0.0, "bruno": 2.0}
    assert "3 s" in reasons["ana"]
    assert reasons["bruno"] == ""


def test_who_needs_longer_comes_last(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who computes, or waits, over three times as long as the author's solution is tried again after the others."""
    monkeypatch.setattr(attempts, "LEAST_S", 0.6)
    monkeypatch.setattr(attempts, "LEAST_WALL_S", 2.0)
    hand_in(run_dir, "ana", ENDLESS)
    hand_in(run_dir, "bruno", "import time\nwhile time.process_time() < 1.0:\n    pass\n" + RIGHT)
    hand_in(run_dir, "carla", "import time\ntime.sleep(2.5)\n" + RIGHT)
    honest = ("deniz", "eva", "fran")
    for student in honest:
        hand_in(run_dir, student, RIGHT)
    said: list[str] = []
    Batch(run_dir, "run", "sums", jobs=1, limits=Limits(cpu_s=2)).grade(tell=said.append)
    assert points(run_dir) == {"ana": 0.0, **dict.fromkeys(("bruno", "carla", *honest), 2.0)}
    longer = "needs longer: goes to the end of the queue"
    assert said[:3] == [f"{student} {longer}" for student in ("ana", "bruno", "carla")]
    assert [line.split()[1] for line in said[3:]] == [f"{one}:" for one in (*honest, "ana", "bruno", "carla")]


def test_where_nobody_waits_nobody_is_put_off(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One who hands in alone is tried once, however long it takes."""
    monkeypatch.setattr(attempts, "LEAST_S", 0.1)
    hand_in(run_dir, "bruno", "import time\nwhile time.process_time() < 1.0:\n    pass\n" + RIGHT)
    said: list[str] = []
    Batch(run_dir, "run", "sums", jobs=1).grade(tell=said.append)
    assert [line.split()[0] for line in said] == ["[1/1]"]
    assert points(run_dir) == {"bruno": 2.0}


def test_a_record_of_somebody_else_counts_for_nothing(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a batch that was cut off has left is used where this account wrote it, and nowhere else."""
    hand_in(run_dir, "ana", RIGHT)
    (one,) = Batch(run_dir, "run", "sums").grade(tell=quiet)
    records = Records(run_dir / "grading/sums")
    assert records.find(one.digest) is not None
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert records.find(one.digest) is None


def test_countless_outputs_take_nobodys_time(run_dir: Path) -> None:
    """Of one who shows more than anybody reads the rest is left out, and the notebook says so; marks do not change."""
    shows = "from IPython.display import display\nfor number in range(20_000):\n    display(number)\n"
    hand_in(run_dir, "ana", shows + RIGHT)
    (one,) = Batch(run_dir, "run", "sums").grade(tell=quiet)
    assert points(run_dir) == {"ana": 2.0}
    (shown,) = [cell.outputs for cell in one.node.cells if marks.of(cell).get("grade_id") == "total"]
    assert len(shown) == 3001
    assert shown[-1].text == "17000 outputs of this cell could not be shown.\n"


def test_what_is_no_notebook_is_graded_with_nothing(run_dir: Path) -> None:
    """The reason says what to do; the others are graded."""
    hand_in(run_dir, "ana", RIGHT).write_text("no notebook")
    hand_in(run_dir, "bruno", RIGHT)
    graded = Batch(run_dir, "run", "sums").grade(tell=quiet)
    assert points(run_dir) == {"ana": 0.0, "bruno": 2.0}
    assert any("hand it in again" in one.marks["total-test"].reason for one in graded)


def test_what_nobody_thought_of_holds_up_nobody(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission at which the grading itself fails is 0 with the reason, and the others are graded."""

    def fail(node: NotebookNode, author: Template) -> object:
        if "fail here" in str(node):
            raise ZeroDivisionError("so")
        return restore(node, author)

    restore = restoring.restore
    monkeypatch.setattr(restoring, "restore", fail)
    hand_in(run_dir, "ana", "# fail here")
    hand_in(run_dir, "bruno", RIGHT)
    graded = Batch(run_dir, "run", "sums").grade(tell=quiet)
    assert points(run_dir) == {"ana": 0.0, "bruno": 2.0}
    assert any("ZeroDivisionError" in one.marks["total-test"].reason for one in graded)


def test_only_what_changed_is_graded_again(run_dir: Path) -> None:
    """Nothing changed: nothing is graded; one hands in again: that one is; --again grades all."""
    for student in ("ana", "bruno"):
        hand_in(run_dir, student, WRONG)
    batch = Batch(run_dir, "run", "sums")
    assert len(batch.grade(tell=quiet)) == 2
    assert batch.grade(tell=quiet) == []
    hand_in(run_dir, "ana", RIGHT)
    assert [one.student for one in batch.grade(tell=quiet)] == ["ana"]
    assert points(run_dir) == {"ana": 2.0, "bruno": 0.0}
    assert len(Batch(run_dir, "run", "sums", again=True).grade(tell=quiet)) == 2


def test_a_student_who_handed_nothing_in_is_named(run_dir: Path) -> None:
    """The error says whose is missing."""
    hand_in(run_dir, "ana", RIGHT)
    with pytest.raises(GradingError, match="not handed in by bruno"):
        Batch(run_dir, "run", "sums").grade(["ana", "bruno"], tell=quiet)


def test_two_who_grade_at_once_make_one_batch(run_dir: Path) -> None:
    """The second waits, and finds the work done."""
    for number in range(6):
        hand_in(run_dir, f"student-{number}", RIGHT)
    found: list[int] = []
    said: list[str] = []
    both = [
        threading.Thread(target=lambda: found.append(len(Batch(run_dir, "run", "sums").grade(tell=said.append))))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(found) == [0, 6]
    assert len([line for line in said if line.startswith("[")]) == 6


def test_killed_in_the_middle_it_goes_on_where_it_was(run_dir: Path) -> None:
    """After kill -9 all are graded once: those that were done are not tried again, and none is missing."""
    for number in range(8):
        hand_in(run_dir, f"student-{number}", RIGHT)
    words = [sys.executable, "-m", "aula.cli", "grade", str(run_dir), "sums", "--run", "run", "--jobs", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, **HERE}) as process:
        assert process.stdout is not None
        assert any(line.startswith("[3/8]") for line in process.stdout)
        process.send_signal(signal.SIGKILL)
    assert points(run_dir) == {}
    said: list[str] = []
    Batch(run_dir, "run", "sums").grade(tell=said.append)
    assert points(run_dir) == {f"student-{number}": 2.0 for number in range(8)}
    assert len([line for line in said if "as before the interruption" in line]) >= 3
