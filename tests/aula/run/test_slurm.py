"""A notebook that needs Slurm says so where none answers, with what to type."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from aula import cli
from aula.run import slurm
from tests.aula.small_course import edit

CODE = {
    "a line for the shell": ("!sbatch --parsable job.sh", ["sbatch"]),
    "a list of words": ('run(["squeue", "--me"])\nrun(["sbatch", "x"])\nrun(["squeue"])', ["squeue", "sbatch"]),
    "a path": ('open("/usr/share/sbatch.txt")', []),
    "a longer word": ("my_srun = srun_all = sinfo_2 = 1", []),
    "the header of a script": ("#SBATCH --time=1", []),
}


def sinfo(folder: Path, status: int) -> str:
    """Write a sinfo that ends so, in a folder that PATH may name; return the folder."""
    program = folder / "sinfo"
    program.write_text(f"#!/bin/sh\nexit {status}\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(("code", "found"), CODE.values(), ids=CODE)
def test_commands_of_slurm_are_found_in_code(code: str, found: list[str]) -> None:
    """Each command once, in order; names that only look like one, and prose, are not."""
    cells = [new_markdown_cell("Type sbatch."), new_code_cell(code)]  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    assert slurm.used(new_notebook(cells=cells)) == found  # type: ignore[no-untyped-call]  # nbformat types only half of itself


def test_a_slurm_answers_or_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command, or one that fails, is no Slurm."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not slurm.answers()
    sinfo(tmp_path, 1)
    assert not slurm.answers()
    sinfo(tmp_path, 0)
    assert slurm.answers()


def test_a_failure_names_the_remedy(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`aula notebooks` shows the traceback, and then what the author types; so does the report."""
    edit(
        small / "lessons/01-hello.md",
        'print("solved")',
        'import subprocess\nsubprocess.run(["sbatch", "/nothing"], check=True)',
    )
    out = tmp_path / "out"
    assert cli.main(["--root", str(small.parents[1]), "notebooks", "small", "--out", str(out)]) == 1
    hint = (
        "It uses Slurm (sbatch), and none answers here. "
        "Try it on a Slurm of this machine, as root: make notebooks COURSE=small"
    )
    assert hint in capsys.readouterr().out
    assert hint in (out / "junit.xml").read_text()
    assert (
        sum("It uses Slurm" in one["error"] for one in json.loads((out / "report.json").read_text())["notebooks"]) == 1
    )


def test_a_check_tells_what_it_cannot_try(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`aula check` names the lesson and what to type, as no finding; where a Slurm answers it says nothing."""
    edit(small / "lessons/01-hello.md", 'print("solved")', "!squeue --me")
    words = ["--root", str(small.parents[1]), "check", "--rule", "time-limit"]
    monkeypatch.setenv("PATH", sinfo(tmp_path, 1))
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    assert "small/lessons/01-hello uses Slurm (squeue), and none answers here.\n" in said
    assert "make notebooks COURSE=small" in said
    sinfo(tmp_path, 0)
    assert cli.main(words) == 0
    assert "Slurm" not in capsys.readouterr().out
