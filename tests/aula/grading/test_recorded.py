"""Slurm's commands in the sandbox answer from the assignment's recording, in the recorded order."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aula.grading.inside import recorded


def said(command: str, *words: str, files: tuple[str, ...] = (), out: str = "", status: int = 0) -> dict[str, Any]:
    """Return a recorded command and its answer."""
    return {"command": command, "words": words, "files": files, "stdout": out, "stderr": "", "status": status}


RECORDING = [
    said("sbatch", "-n", "2", "--mem=10M", "night.sh", files=("night.sh",), out="Submitted batch job 412\n"),
    said("squeue", "-h", "-j", "412", out="412 PENDING\n"),
    said("squeue", "-h", "-j", "412", out="412 RUNNING\n"),
    said("squeue", "-h", "-j", "412", out=""),
    said("sbatch", "--wrap=hostname", "--parsable", out="413\n"),
    said("scontrol", "show", "job", "999", status=1),
]


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the commands answer, in a folder of a trainee's."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv(recorded.VARIABLE, "")
    monkeypatch.chdir(tmp_path)
    with recorded.begin(json.dumps(RECORDING)):
        yield


def ask(*words: str) -> tuple[int, str]:
    """Return what a command answers."""
    done = subprocess.run(words, capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.mark.usefixtures("slurm")
def test_the_answers_come_in_their_order() -> None:
    """Asked again, a command has the next answer; the last one stays."""
    answers = [ask("squeue", "-h", "-j", "412")[1].strip() for _ in range(5)]
    assert answers == ["412 PENDING", "412 RUNNING", "", "", ""]


@pytest.mark.usefixtures("slurm")
def test_what_means_the_same_is_the_same() -> None:
    """Options in another order, a script under another name, another command to wrap: the recorded answer."""
    Path("mine.sh").write_text("#!/bin/sh\n")
    assert ask("sbatch", "--mem=10M", "-n", "2", "mine.sh") == (0, "Submitted batch job 412\n")
    assert ask("sbatch", "--parsable", "--wrap=date") == (0, "413\n")
    assert ask("scontrol", "show", "job", "999") == (1, "")


@pytest.mark.parametrize(
    "words",
    [
        ("squeue",),
        ("squeue", "-h", "-j", "413"),
        ("sbatch", "-n", "2", "--mem=10M", "none.sh"),
        ("sinfo",),
        ("srun", "id"),
    ],
)
@pytest.mark.usefixtures("slurm")
def test_what_was_not_recorded_is_told(words: tuple[str, ...]) -> None:
    """Another command fails in words that name what was recorded."""
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"not recorded for this assignment: {' '.join(words)}" in done.stderr
    assert "sbatch -n 2 --mem=10M night.sh; squeue -h -j 412; " in done.stderr


def test_they_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are where nobody else looks, and end with what began them."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv(recorded.VARIABLE, "")
    monkeypatch.setattr(recorded.tempfile, "tempdir", str(tmp_path))
    with recorded.begin("[]"):
        found = shutil.which("sinfo")
        assert found is not None
        assert Path(found).is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []
