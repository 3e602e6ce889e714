"""The batch script: what enters it, and what a real shell makes of it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from aula_spawner.batch import checked_job, render
from aula_spawner.errors import UnsafeValueError

GOOD: dict[str, Any] = {
    "job_name": "jupyter-0123abcd",
    "partition": "interactive",
    "cores": 1,
    "memory": "1G",
    "runtime": "2:00:00",
    "python": "/opt/env/bin/python",
    "singleuser_script": "/opt/hub/singleuser.py",
    "lessons_dir": "/srv/lessons",
    "jupyter_config_dir": "/srv/jupyter",
    "lab_locale": "ca_ES",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partition", "batch\n#SBATCH --uid=0"),
        ("partition", "a b"),
        ("partition", ""),
        ("partition", "interactive\n"),
        ("memory", "1G;id"),
        ("memory", "lots"),
        ("memory", "0G"),
        ("runtime", "forever"),
        ("runtime", "2:00:00\n"),
        ("cores", 0),
        ("cores", "2"),
        ("cores", True),
        ("job_name", "$(id)"),
        ("python", "/opt/$(id)/python"),
        ("lessons_dir", "relative"),
        ("lessons_dir", "/srv/a b"),
        ("singleuser_script", "/x\n"),
        ("lab_locale", "es_ES;id"),
        ("lab_locale", "es_ES\n"),
        ("lab_locale", "../es"),
        ("something_else", 1),
    ],
)
def test_a_bad_value_never_enters_the_script(field: str, value: object) -> None:
    """A value that is not plain is refused, naming the field."""
    with pytest.raises(UnsafeValueError, match=field):
        checked_job(**{**GOOD, field: value})


def test_directives_come_first_and_are_complete() -> None:
    """Slurm reads the directives up to the first command, so they stand before it, each with its value."""
    script = render(checked_job(**GOOD))
    head = script.split("\nset -eu\n")[0].splitlines()
    assert head[0] == "#!/bin/sh"
    assert {
        "#SBATCH --partition=interactive",
        "#SBATCH --mem=1G",
        "#SBATCH --time=2:00:00",
        "#SBATCH --cpus-per-task=1",
        "#SBATCH --job-name=jupyter-0123abcd",
        "#SBATCH --no-requeue",
    } <= set(head)


def _run_script(tmp_path: Path, home: Path, lessons: Path) -> str:
    """Run the script with a stand-in for Python that shows its environment; return the server's log."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "ran: $*"\npwd\nenv\nrmdir "$AULA_JOB_FOLDER" 2>/dev/null || true\n')
    python.chmod(0o755)
    values = {**GOOD, "python": str(python), "lessons_dir": str(lessons)}
    environment = {"HOME": str(home), "SLURM_JOB_ID": "12", "ENV": str(home / "evil.sh")}
    subprocess.run(["/bin/sh"], input=render(checked_job(**values)), env=environment, text=True, check=True, timeout=30)
    return (home / ".aula" / "server.log").read_text()


def test_the_script_copies_lessons_and_hands_over(tmp_path: Path) -> None:
    """Lessons arrive in ~/courses, what the trainee changed stays, and Python is started isolated."""
    home, lessons = tmp_path / "home", tmp_path / "lessons"
    (home / "courses" / "hpc").mkdir(parents=True)
    (home / "courses" / "hpc" / "01.ipynb").write_text("mine")
    (lessons / "hpc").mkdir(parents=True)
    for name in ("01.ipynb", "02.ipynb"):
        (lessons / "hpc" / name).write_text("fresh")
    log = _run_script(tmp_path, home, lessons)
    assert "ran: -I /opt/hub/singleuser.py" in log
    assert (home / "courses" / "hpc" / "01.ipynb").read_text() == "mine"
    assert (home / "courses" / "hpc" / "02.ipynb").read_text() == "fresh"


def test_lessons_that_cannot_be_copied_stop_nothing(tmp_path: Path) -> None:
    """Where ~/courses cannot be made the server starts all the same, and the log says so."""
    home, lessons = tmp_path / "home", tmp_path / "lessons"
    home.mkdir()
    lessons.mkdir()
    (home / "courses").write_text("a file in the way")
    log = _run_script(tmp_path, home, lessons)
    assert "could not be copied" in log
    assert "ran: -I" in log
