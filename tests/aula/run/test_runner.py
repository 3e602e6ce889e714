"""Executing many notebooks at once."""

import json
from pathlib import Path

import pytest

from aula.errors import RunError
from aula.run import runner
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
