"""Executing many notebooks at once."""

import json
import os
from pathlib import Path

import pytest

from aula import kernel
from aula.errors import RunError
from aula.run import runner
from aula.run.here import Here
from aula.run.history import NAME
from tests.aula.small_course import edit, junit, load

pytestmark = pytest.mark.usefixtures("settled")


def test_all_run_and_reports_agree(small: Path, tmp_path: Path) -> None:
    """Each notebook is told as it ends; both reports hold all of them; only what was promised is left."""
    told: list[str] = []
    out = tmp_path / "out"
    results = runner.run((load(small),), out, tell=told.append)
    titles = ["small/assignments/sums", "small/lessons/01-hello"]
    assert [(result.title, result.state) for result in results] == [(title, "ok") for title in titles]
    assert [line.split(" ")[0] for line in told] == ["[1/2]", "[2/2]"]
    report = json.loads((out / "report.json").read_text())
    assert (report["total"], report["failed"]) == (2, 0)
    assert [f"{entry['course']}/{entry['notebook']}" for entry in report["notebooks"]] == titles
    assert (junit(out / "junit.xml").get("tests"), junit(out / "junit.xml").get("failures")) == ("2", "0")
    assert {path.name for path in out.iterdir()} == {"executed", "report.json", "junit.xml", NAME}
    history = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    assert sorted((past["notebook"], past["seconds"]) for past in history) == [
        (result.title, result.seconds) for result in results
    ]
    assert {str(path.relative_to(out / "executed")) for path in out.rglob("*.ipynb")} == {
        "small/assignments/sums.ipynb",
        "small/lessons/01-hello.ipynb",
    }


def test_nothing_is_written_in_the_course(small: Path, tmp_path: Path) -> None:
    """A notebook that writes a file writes it in its private copy."""
    before = sorted(small.rglob("*"))
    edit(small / "lessons/01-hello.md", 'print("solved")', "open('made.txt', 'w').close()")
    runner.run((load(small),), tmp_path / "out", tell=lambda _line: None)
    assert sorted(small.rglob("*")) == before


def test_others_cannot_read_solved_assignments(small: Path, tmp_path: Path) -> None:
    """The folder of executed notebooks is closed to trainees' accounts, and an earlier report is gone."""
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    (out / "report.json").write_text("{}")
    edit(small / "course.yml", "size: 7", "sise: 7")
    with pytest.raises(RunError):
        runner.run((load(small),), out)
    assert out.stat().st_mode & 0o007 == 0
    assert list(out.iterdir()) == []


def test_each_run_has_the_environment_of_its_time(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are forked from a process that is older than the run; notebooks see the variables of now."""
    edit(small / "lessons/01-hello.md", 'print("solved")', 'import os; print("mark", os.environ["AULA_TEST_MARK"])')
    for mark in ("first", "second"):
        monkeypatch.setenv("AULA_TEST_MARK", mark)
        results = runner.run((load(small),), tmp_path / mark, tell=lambda _line: None)
        assert [result.state for result in results] == ["ok", "ok"]
        executed = (tmp_path / mark / "executed" / "small" / "lessons" / "01-hello.ipynb").read_text()
        assert f"mark {mark}" in executed


def test_each_notebook_runs_on_its_own_kernel(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that asks for another environment's kernel gets its interpreter and programs; the others do not."""
    usual, other = kernel.python().parents[1], tmp_path / "other"
    for name in ("lib", "pyvenv.cfg"):
        other.mkdir(exist_ok=True)
        (other / name).symlink_to(usual / name)
    (other / "bin").mkdir()
    (other / "bin/python").symlink_to(usual / "bin/python")
    described = {
        "argv": [f"{other}/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Other",
        "language": "python",
        "env": {"PATH": f"{other}/bin:${{PATH}}"},
    }
    folder = other / "share/jupyter/kernels/other"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(described))
    monkeypatch.setenv("JUPYTER_PATH", f"{os.environ['JUPYTER_PATH']}:{other}/share/jupyter")
    lesson, task = small / "lessons/01-hello.md", small / "assignments/sums/sums.md"
    lesson.write_text(f"---\nkernelspec:\n  name: other\n  display_name: Other\n---\n\n{lesson.read_text()}")
    shown = "import os, sys; print('runs on', sys.executable, os.environ['PATH'].split(':')[0])"
    edit(lesson, 'print("solved")', shown)
    edit(task, "assert isinstance(total([1]), int)", f"assert isinstance(total([1]), int)\n{shown}")
    results = runner.run((load(small),), tmp_path / "out", tell=lambda _line: None)
    assert [(result.title, result.state, result.error) for result in results if result.state != "ok"] == []
    executed = {path.stem: path.read_text() for path in (tmp_path / "out" / "executed").rglob("*.ipynb")}
    assert f"runs on {other}/bin/python {other}/bin" in executed["01-hello"]
    assert f"runs on {usual}/bin/python {usual}/bin" in executed["sums"]


def test_who_waits_for_slurm_keeps_nobody_from_computing(small: Path, tmp_path: Path) -> None:
    """One notebook computes at a time; a lesson that waits does so beside it: each sees that the other has begun."""

    def meet(mine: str, other: str) -> str:
        marks = f"open({str(tmp_path / mine)!r}, 'w').close(); other = {str(tmp_path / other)!r}"
        waits = "for _ in range(200):\n    os.path.exists(other) or time.sleep(0.05)\nassert os.path.exists(other)"
        return f"import os, time; {marks}\n{waits}"

    edit(small / "course.yml", "time_limit_s: 30", "time_limit_s: 90")
    edit(small / "lessons/01-hello.md", 'print("solved")', meet("lesson", "task"))
    edit(small / "assignments/sums/sums.md", "assert isinstance(total([1]), int)", meet("task", "lesson"))
    results = runner.run((load(small),), tmp_path / "out", on=Here(jobs=1), tell=lambda _line: None)
    assert [(result.title, result.error) for result in results if result.state != "ok"] == []
