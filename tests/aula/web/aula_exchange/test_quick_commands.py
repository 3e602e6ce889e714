"""`aula exchange`, which does what nbgrader's commands do without loading nbgrader."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aula.cli import main
from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do


def exchange(lesson: Lesson, what: str, *words: str) -> int:
    """Run a command on the lesson's course run; return its exit status."""
    served = lesson.served
    where = ["--run", RUN, "--handed-in", str(served.handed_in), "--given", str(served.given)]
    return main(["exchange", what, str(lesson.course), *words, *where])


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_collecting_leaves_what_nbgrader_leaves(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    """The same files with the same time, whoever collects; what is there stays, unless an update is asked for."""
    for who in ("ana", "bora"):
        lesson.hand_in(who, "first")
    do("Collect", lesson.instructor())
    submitted = lesson.course / "submitted"
    theirs = contents(submitted.rename(lesson.top / "theirs"))
    assert exchange(lesson, "collect", TASK) == 0
    assert contents(submitted) == theirs
    lesson.hand_in("ana", "second")
    exchange(lesson, "collect", TASK)
    assert contents(submitted) == theirs
    capsys.readouterr()
    exchange(lesson, "collect", "--update", "--json", TASK)
    assert json.loads(capsys.readouterr().out) == {"students": 2, "damaged": []}
    assert b"second" in contents(submitted)[f"ana/{TASK}/{TASK}.ipynb"]


def test_what_is_damaged_is_named_and_the_others_are_collected(
    lesson: Lesson, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The command ends with 1."""
    for who in ("ana", "bora"):
        lesson.hand_in(who)
    (lesson.handed_in / "ana" / TASK / "0001" / "receipt.json").unlink()
    assert exchange(lesson, "collect", TASK) == 1
    assert capsys.readouterr().out == f"collected: 1 of 2 who handed in {TASK}\n"
    assert f"ana {TASK} is not collected" in caplog.text
    assert [path.name for path in (lesson.course / "submitted").iterdir()] == ["bora"]


def test_everything_that_was_handed_in_is_listed(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    """Each number of each trainee; of one assignment, or of all."""
    assert exchange(lesson, "list") == 0
    assert capsys.readouterr().out == "Nothing was handed in.\n"
    for who, answer in (("bora", "first"), ("ana", "first"), ("ana", "second")):
        lesson.hand_in(who, answer)
    exchange(lesson, "list", "--json", "--assignment", TASK)
    found = json.loads(capsys.readouterr().out)["submissions"]
    assert [(one["student"], one["number"]) for one in found] == [("ana", 1), ("ana", 2), ("bora", 1)]
    exchange(lesson, "list")
    assert capsys.readouterr().out.split()[:3] == ["ana", TASK, "1"]


def test_a_release_is_whole_and_as_nbgraders(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    """Over one before only by force; the group may read it, and nobody else; what is gone is gone."""
    given = lesson.given / "outbound" / TASK
    theirs = contents(given)
    assert exchange(lesson, "release", TASK) == 1
    assert "add --force" in capsys.readouterr().err
    assert exchange(lesson, "release", TASK, "--force") == 0
    assert contents(given) == theirs
    assert {path.stat().st_mode & 0o777 for path in given.iterdir()} == {0o640}
    assert given.stat().st_mode & 0o777 == 0o750
    (lesson.course / "release" / TASK / "numbers.txt").unlink()
    exchange(lesson, "release", TASK, "--force")
    assert [*contents(given)] == [f"{TASK}.ipynb"]
    assert [path.name for path in lesson.given.iterdir()] == ["outbound"]


@pytest.mark.parametrize("task", ["*", "..", "a/b", "", "nothing"])
def test_what_is_no_assignment_is_refused(lesson: Lesson, task: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither patterns nor paths; and one that was never made is named."""
    assert exchange(lesson, "release", task) == 1
    assert ("is no assignment's name" in capsys.readouterr().err) is (task != "nothing")


def test_a_run_without_folders_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folders lie beside that of all course runs, unless something else is said."""
    (tmp_path / "runs" / "one").mkdir(parents=True)
    assert main(["exchange", "list", str(tmp_path / "runs" / "one")]) == 1
    assert f"{tmp_path}/handed-in/one is not there" in capsys.readouterr().err
    (tmp_path / "handed-in" / "one").mkdir(parents=True)
    assert main(["exchange", "list", str(tmp_path / "runs" / "one")]) == 0


def test_nothing_large_is_loaded() -> None:
    """What makes the commands quick."""
    program = "import sys, aula.cli; aula.cli.parser(['exchange', 'list', 'x']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "aula.commands.exchange" in loaded
    assert {"nbgrader", "pydantic", "sqlalchemy", "yaml", "aula.commands.release"}.isdisjoint(loaded)
