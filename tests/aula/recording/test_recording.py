"""Recording what Slurm answers to an assignment, and what becomes of it: in a release, in grading, in checks."""

import json
import sys
from pathlib import Path

import pytest

from aula import catalogue
from aula.errors import ReleaseError, RunError
from aula.grading import record
from aula.grading.batch import Batch
from aula.recording import recorder, recording
from aula.recording.recording import Answered
from aula.release import release
from tests.aula.grading.jobs import night
from tests.aula.small_course import write_course

ANSWER = 'script = __import__("subprocess").run(["sinfo", "-h"], capture_output=True, text=True).stdout'
SINFO = "#!/bin/sh\necho batch: 2 nodes of root\n"
TASK = f"""\
# Nodes

```{{code-cell}} ipython3
:nbgrader: {{grade: false, grade_id: script, locked: false, solution: true, schema_version: 3}}
### BEGIN SOLUTION
{ANSWER}
### END SOLUTION
```

```{{code-cell}} ipython3
:nbgrader: {{grade: true, grade_id: public, locked: true, points: 1, solution: false, schema_version: 3}}
assert type(script) is str
```

```{{code-cell}} ipython3
:nbgrader: {{grade: true, grade_id: nodes, locked: true, points: 2, solution: false, schema_version: 3}}
### BEGIN HIDDEN TESTS
assert script.startswith("batch: 2 nodes of "), script
### END HIDDEN TESTS
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a course whose assignment asks Slurm for its nodes."""
    folder = write_course(tmp_path)
    path = folder / "course.yml"
    path.write_text(path.read_text().replace("name: sums", "name: night"))
    (folder / "assignments/sums").rename(folder / "assignments/night")
    (folder / "assignments/night/sums.md").unlink()
    (folder / "assignments/night/night.md").write_text(TASK)
    return folder


def course(folder: Path) -> catalogue.Course:
    """Return the course in a folder."""
    return catalogue.load(folder.parents[1]).course(folder.name)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled: None) -> None:  # noqa: ARG001  PATH is set there
    """Have a cluster, whose one command is sinfo."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sinfo").write_text(SINFO)
    (tmp_path / "bin/sinfo").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin:{Path(sys.executable).parent}")


@pytest.mark.usefixtures("cluster")
def test_a_solution_is_recorded_and_graded_without_a_cluster(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Slurm answered is written beside the text, reaches no trainee, and answers each of them in the sandbox."""
    one = course(folder)
    with monkeypatch.context() as there:
        there.setattr(recorder.getpass, "getuser", lambda: "root")
        path = recorder.record(one, one.assignments[0], tell=str)
    assert "command: sinfo" in path.read_text()
    assert json.loads(recording.read(path.parent) or "")[0]["stdout"] == "batch: 2 nodes of student\n"
    (tmp_path / "bin/sinfo").unlink()
    run_dir = tmp_path / "run"
    release.release(one, run_dir)
    assert not [*(run_dir / "release").rglob("*record*"), *(run_dir / "source").rglob("*record*")]
    forged = '[{"command": "sinfo", "words": ["-h"], "files": [], "stdout": "mine", "stderr": "", "status": 0}]'
    for student, answer in {"ana": ANSWER, "bruno": ANSWER.replace('"-h"', '"-l"')}.items():
        night.answer(run_dir, student, answer)
        (run_dir / "submitted" / student / "night/.aula-recording").write_text(forged)
    graded = {one.student: one.points for one in Batch(run_dir, "run", "night").grade(tell=str)}
    assert graded == {"ana": 3, "bruno": 1}


@pytest.mark.usefixtures("settled")
def test_a_solution_that_asks_nothing_is_not_recorded(folder: Path) -> None:
    """Its author reads that there is nothing to record, and no file is written."""
    text = folder / "assignments/night/night.md"
    text.write_text(text.read_text().replace(ANSWER, 'script = "batch: 2 nodes of student\\n"'))
    one = course(folder)
    with pytest.raises(RunError, match="asks Slurm for nothing"):
        recorder.record(one, one.assignments[0], tell=str)
    assert not (text.parent / recording.FILE).exists()


@pytest.mark.parametrize("name", [".aula-recording", ".aula-recording/recording.json"])
def test_a_trainees_own_recording_is_left_out(tmp_path: Path, name: str) -> None:
    """A file under the name by which the sandbox is given a recording comes from nobody's hand-in."""
    path = tmp_path / "handed-in" / name
    path.parent.mkdir(parents=True)
    path.write_text("[]")
    (tmp_path / "box").mkdir()
    record.beside([tmp_path / "handed-in"], tmp_path / "box")
    assert [*(tmp_path / "box").iterdir()] == []


def test_a_recording_can_be_read(tmp_path: Path) -> None:
    """What was printed stands in the file as it was, line by line; what is usual is left out."""
    rows = (Answered(command="squeue", words=("-h",), stdout="1 ana\n2 bo\n"), Answered(command="scancel", status=1))
    recording.write(tmp_path, rows)
    text = (tmp_path / recording.FILE).read_text()
    assert "    1 ana\n    2 bo\n" in text
    assert "stderr" not in text
    assert json.loads(recording.read(tmp_path) or "") == [one.model_dump(mode="json") for one in rows]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("commands: []\n", "commands"),
        ("commands:\n- {command: rm}\n", "command"),
        ("commands:\n- {comand: sinfo}\n", "comand"),
    ],
)
def test_a_broken_recording_is_told(tmp_path: Path, text: str, said: str) -> None:
    """A mistake in the file is named with its line, before anything is released."""
    (tmp_path / recording.FILE).write_text(text)
    with pytest.raises(ReleaseError, match=rf"recording\.yml:\d+: .*{said}"):
        recording.read(tmp_path)
