"""A small Slurm, and what runs the job scripts of an assignment on it."""

import os
import sys
from pathlib import Path

import pytest

from aula.course import JobScript
from aula.grading.jobs.jobs import Jobs
from aula.grading.jobs.place import Place

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
BOUNDS = JobScript(leaves=("result.json",), size={"SHOPS": 11}, nodes=2, tasks=4, cores=4, memory_mb=200, minutes=1)


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a small Slurm keeps its jobs; its commands come first on PATH."""
    state, commands = tmp_path / "slurm", tmp_path / "commands"
    for folder in (state, commands):
        folder.mkdir()
    program = commands / "small-slurm"
    program.write_text(f"#!{sys.executable} -I\n" + (HERE / "small_slurm.py").read_text())
    program.chmod(0o755)
    for name in ("sbatch", "scontrol", "squeue", "scancel", "sacct"):
        (commands / name).symlink_to(program)
    monkeypatch.setenv("PATH", f"{commands}:/usr/bin:/bin")
    monkeypatch.setenv("SMALL_SLURM", str(state))
    return state


@pytest.fixture
def place(slurm: Path, tmp_path: Path) -> Place:
    """Return the place of job scripts on it: this account's, for want of another one."""
    own = tmp_path / "own"
    own.mkdir()
    environment = {"PATH": os.environ["PATH"], "SMALL_SLURM": str(slurm)}
    clean = [f"{name}={value}" for name, value in environment.items()]
    clean.append(f"PYTHONPATH={ROOT}:{ROOT / 'spawners'}")
    program = ("/usr/bin/env", "-i", *clean, sys.executable, "-P", "-m", "aula.grading.jobs.alone", str(own))
    return Place("job01", program, "batch", environment)


@pytest.fixture
def jobs(place: Place, tmp_path: Path) -> Jobs:
    """Return what runs the job scripts of an assignment that has a file of its own."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "orders.csv").write_text("shop,loaves\n")
    (source / "night.ipynb").write_text("{}")
    return Jobs(place, BOUNDS, source, Path(sys.executable), tmp_path / "lock")
