"""The batch script: what enters it, and what a real shell makes of it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aula_spawner.batch import BatchJob, checked, render
from aula_spawner.errors import UnsafeValueError

GOOD: dict[str, Any] = {
    "job_name": "jupyter-0123abcd",
    "partition": "interactive",
    "cores": 1,
    "memory": "1G",
    "walltime": "2:00:00",
    "environment": "/opt/env",
    "singleuser_script": "/opt/hub/singleuser.py",
    "lessons": ("/srv/lessons/hpc-demo",),
    "kernel_paths": ("/srv/kernels/hpc-demo", "/srv/kernels/hpc-other"),
    "jupyter_config_dir": "/srv/jupyter",
    "lifetime": '{"walltime": 7200}',
    "versions": '{"lessons": ["/srv/lessons/hpc-demo"]}',
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
        ("walltime", "forever"),
        ("walltime", "2:00:00\n"),
        ("cores", 0),
        ("cores", "2"),
        ("cores", True),
        ("job_name", "$(id)"),
        ("environment", "/opt/$(id)"),
        ("lessons", ("relative",)),
        ("lessons", ("/srv/a b",)),
        ("lessons", ("/srv/lessons/..",)),
        ("lessons", ("/srv/lessons/",)),
        ("lessons", ("/srv/lessons/-rf",)),
        ("lessons", ("/srv/lessons/$(id)",)),
        ("lessons", ("/srv/lessons/a\n",)),
        ("lessons", ("/srv/lessons/a",) * 101),
        ("lessons", "/srv/lessons/a"),
        ("kernel_paths", ("/srv/kernels/a:/home/evil",)),
        ("kernel_paths", ("kernels",)),
        ("shunned", ("node1", "--wrap=id")),
        ("shunned", ("node1\n",)),
        ("kernel_paths", ("/srv/'",)),
        ("account", "a b"),
        ("account", "-a"),
        ("account", "nortada\n#SBATCH --uid=0"),
        ("account", "$(id)"),
        ("singleuser_script", "/x\n"),
        ("lifetime", "$(id)"),
        ("lifetime", '{"walltime": 1}\n'),
        ("lifetime", "{ç}"),
        ("versions", "$(id)"),
        ("versions", '{"words": "a\n"}'),
        ("lab_locale", "es_ES;id"),
        ("lab_locale", "es_ES\n"),
        ("lab_locale", "../es"),
        ("qos", "high low"),
        ("reservation", "class\n#SBATCH --uid=0"),
        ("constraint", "a100;id"),
        ("constraint", "$(id)"),
        ("gpus", -1),
        ("gpu_type", "a100:9"),
        ("scratch", "/scratch/$USER"),
        ("something_else", 1),
    ],
)
def test_a_bad_value_never_enters_the_script(field: str, value: object) -> None:
    """A value that is not plain is refused, naming the field."""
    with pytest.raises(UnsafeValueError, match=field):
        checked(BatchJob, **{**GOOD, field: value})


def test_directives_come_first_and_are_complete() -> None:
    """Slurm reads the directives up to the first command, so they stand before it, each with its value."""
    script = render(checked(BatchJob, **GOOD))
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


def test_the_account_is_asked_for_where_it_is_set() -> None:
    """A job counts for the account that was set; without one, the script says nothing and Slurm takes the owner's."""
    assert "#SBATCH --account=nortada\n" in render(checked(BatchJob, **GOOD, account="nortada"))
    assert "--account" not in render(checked(BatchJob, **GOOD))


def test_all_that_a_profile_asks_for_is_asked_of_slurm() -> None:
    """GPUs of a type, a reservation, features and a quality of service each stand in the script, quoted."""
    asked = {"gpus": 2, "gpu_type": "a100", "qos": "class", "reservation": "monday", "constraint": "a100&nvlink"}
    head = render(checked(BatchJob, **GOOD, **asked)).split("\nset -eu\n")[0].splitlines()
    assert {
        "#SBATCH --gres=gpu:a100:2",
        "#SBATCH --qos=class",
        "#SBATCH --reservation=monday",
        "#SBATCH '--constraint=a100&nvlink'",
    } <= set(head)
    assert "gres" not in render(checked(BatchJob, **GOOD))


def test_dead_nodes_are_kept_away_from() -> None:
    """The nodes that a start shuns are in its script; where there are none, the script says nothing."""
    assert "#SBATCH --exclude=node1,node2\n" in render(checked(BatchJob, **GOOD, shunned=("node1", "node2")))
    assert "--exclude" not in render(checked(BatchJob, **GOOD))


def _run_script(
    tmp_path: Path, home: Path, *lessons: Path, kernel_paths: tuple[str, ...] = (), inherited: str = ""
) -> str:
    """Run the script with a stand-in for Python that shows its environment; return the server's log."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    copied = 'while [ -e "/proc/$AULA_LESSONS_PID/exe" ]; do sleep 0.01; done'
    shown = 'echo "ran: $*"\npwd\nenv\nrmdir "$AULA_JOB_FOLDER" 2>/dev/null || true'
    python.write_text(f"#!/bin/sh\n{copied}\n{shown}\n")
    python.chmod(0o755)
    values = {
        **GOOD,
        "environment": str(tmp_path),
        "lessons": tuple(str(folder) for folder in lessons),
        "kernel_paths": kernel_paths,
    }
    environment = {
        "HOME": str(home),
        "SLURM_JOB_ID": "12",
        "ENV": str(home / "evil.sh"),
        "AULA_KERNEL_PATHS": inherited,
    }
    subprocess.run(
        ["/bin/sh"], input=render(checked(BatchJob, **values)), env=environment, text=True, check=True, timeout=30
    )
    return (home / ".aula" / "server.log").read_text()


def test_the_script_copies_lessons_and_hands_over(tmp_path: Path) -> None:
    """Each folder's lessons arrive in ~/courses/<its name>, what the trainee changed stays, Python starts isolated."""
    home, there = tmp_path / "home", tmp_path / "lessons"
    (home / "courses" / "hpc-1").mkdir(parents=True)
    (home / "courses" / "hpc-1" / "01.ipynb").write_text("mine")
    for run in ("hpc-1", "hpc-2", "another-class"):
        (there / run / "data").mkdir(parents=True)
        for name in ("01.ipynb", "02.ipynb"):
            (there / run / name).write_text(f"fresh of {run}")
    log = _run_script(tmp_path, home, there / "hpc-1", there / "hpc-2", there / "missing")
    assert "ran: -I /opt/hub/singleuser.py" in log
    assert 'AULA_LIFETIME={"walltime": 7200}\n' in log
    assert 'AULA_VERSIONS={"lessons": ["/srv/lessons/hpc-demo"]}\n' in log
    assert re.search(r"^AULA_STARTED=[0-9]{10}$", log, re.MULTILINE)
    assert {path.name for path in (home / "courses").iterdir()} == {"hpc-1", "hpc-2"}
    assert (home / "courses" / "hpc-1" / "01.ipynb").read_text() == "mine"
    assert (home / "courses" / "hpc-1" / "02.ipynb").read_text() == "fresh of hpc-1"
    assert (home / "courses" / "hpc-2" / "01.ipynb").read_text() == "fresh of hpc-2"


def test_lessons_that_cannot_be_copied_stop_nothing(tmp_path: Path) -> None:
    """Where one course's folder cannot be made the log says so; other lessons and the server come all the same."""
    home, there = tmp_path / "home", tmp_path / "lessons"
    (home / "courses").mkdir(parents=True)
    (home / "courses" / "hpc-1").write_text("a file in the way")
    for run in ("hpc-1", "hpc-2"):
        (there / run).mkdir(parents=True)
        (there / run / "01.ipynb").write_text("fresh")
    log = _run_script(tmp_path, home, there / "hpc-1", there / "hpc-2")
    assert "could not be copied to ~/courses/hpc-1;" in log
    assert (home / "courses" / "hpc-2" / "01.ipynb").is_file()
    assert "ran: -I" in log


@pytest.mark.parametrize("paths", [("/srv/kernels/hpc-demo", "/srv/kernels/hpc-other"), ()])
def test_only_the_sites_kernels_are_told(tmp_path: Path, paths: tuple[str, ...]) -> None:
    """What the job's environment says about kernels is replaced by the site's folders, also where there are none."""
    (tmp_path / "home").mkdir()
    log = _run_script(tmp_path, tmp_path / "home", kernel_paths=paths, inherited="/home/evil")
    assert f"AULA_KERNEL_PATHS={':'.join(paths)}\n" in log
    assert "evil" not in log.replace("evil.sh", "")
