"""The command aula, as people and programs call it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from aula import cli
from tests.aula.small_course import edit

HERE = {"PYTHONPATH": os.pathsep.join(sys.path)}
"""Lets a process of its own find what the tests find."""


def test_courses_are_listed_for_people_and_programs(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list names lesson and assignment; --json is one object with the whole contract."""
    root = ["--root", str(small.parents[1])]
    assert cli.main([*root, "courses"]) == 0
    assert "small: Small course" in capsys.readouterr().out
    assert cli.main([*root, "courses", "--json"]) == 0
    (course,) = json.loads(capsys.readouterr().out)["courses"]
    assert (course["id"], course["lessons"][0]["file"]) == ("small", "01-hello")


def test_lessons_are_delivered(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names each notebook that it wrote."""
    root = str(small.parents[1])
    assert cli.main(["--root", root, "lessons", "small", "--to", str(tmp_path / "to"), "--json"]) == 0
    (path,) = json.loads(capsys.readouterr().out)["lessons"]
    assert Path(path).is_file()


def test_a_runs_own_kernel_place_and_dates(small: Path, tmp_path: Path) -> None:
    """Lessons and assignments of a run are made with its kernel and its due times from the command line."""
    named = ("--run", "small-1", "--kernel-title", "Small, first run")
    done = command(small, "lessons", "small", "--to", str(tmp_path / "to"), *named)
    assert (done.returncode, done.stderr) == (0, "")
    lesson = json.loads((tmp_path / "to/small-1/lessons/01-hello.ipynb").read_text())
    due = ("--due", "sums=2026-11-09T23:59:00+03:00")
    done = command(small, "release", "small", "--run-dir", str(tmp_path / "run"), *named, *due)
    assert (done.returncode, done.stderr) == (0, "")
    task = json.loads((tmp_path / "run/release/sums/sums.ipynb").read_text())
    assert lesson["metadata"]["kernelspec"]["name"] == task["metadata"]["kernelspec"]["name"] == "small-1"
    with sqlite3.connect(tmp_path / "run/gradebook.db") as gradebook:
        assert gradebook.execute("select duedate from assignment").fetchall() == [("2026-11-09 20:59:00.000000",)]
    gradebook.close()


def test_a_correction_is_told_with_its_version(small: Path, tmp_path: Path) -> None:
    """The command says which version it made, what the author says of it, and what a program sees."""
    release = ("release", "small", "--run-dir", str(tmp_path / "run"))
    assert "(version 1, 20" in command(small, *release).stdout
    edit(small / "assignments/sums/sums.md", "Return the sum.", "Return the sum of all.")
    said = command(small, *release, "--note", "It was not clear.").stdout.splitlines()
    assert said[1:] == ["  It was not clear.", "  sums.ipynb: changed (total)"]
    assert "the note is not kept" in command(small, *release, "--note", "Once more.").stdout
    told = json.loads(command(small, *release, "--json").stdout)["versions"]["sums"]
    assert (told["number"], told["note"], told["changes"][0]["cells"]) == (2, "It was not clear.", ["total"])


MISTAKES = {
    "an unknown course": ["lessons", "smal", "--to", "to"],
    "a kernel of no run": ["lessons", "small", "--to", "to", "--kernel-title", "x"],
    "a run that is a path": ["lessons", "small", "--to", "to", "--run", "../x"],
    "no time": ["notebooks", "--out", "out", "--timeout", "0"],
    "no process": ["notebooks", "--out", "out", "--jobs", "0"],
    "unknown parameters": ["notebooks", "--out", "out", "--parameters", "nod"],
    "a file as folder": ["lessons", "small", "--to", "courses/small/course.yml"],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_message(
    small: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    """What a person can mend ends with 1 and words on the error stream, and is no traceback."""
    monkeypatch.chdir(small.parents[1])
    assert cli.main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("aula: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["courses", "new", "release", "lessons", "notebooks", "book"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has help."""
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    assert "usage: aula" in capsys.readouterr().out


def test_nobody_waits_for_what_other_commands_need() -> None:
    """To read the words of the command that grades imports no database, and no nbgrader."""
    words = "import sys; from aula.cli import parser; parser(['--root', '.', 'grade', 'run', 'sums'])"
    words += "; print({'sqlalchemy', 'nbgrader', 'pydantic'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", words], text=True, timeout=60).strip() == "set()"


def test_asked_to_end_it_leaves_nothing_behind(small: Path, tmp_path: Path) -> None:
    """A run that is told to end ends at once, with no working folder, temporary folder or kernel left."""
    edit(small / "lessons/01-hello.md", 'print("solved")', "import time; time.sleep(600)")
    with (
        TemporaryDirectory() as temporary,
        subprocess.Popen(
            arguments(small, "notebooks", "--out", str(tmp_path / "out")),
            env={**os.environ, **HERE, "TMPDIR": temporary},
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stderr is not None
        assert any("small/assignments/sums: ok" in line for line in process.stderr)
        asked = time.monotonic()
        process.terminate()
        process.stderr.read()  # ends when the last worker and kernel have closed it
        assert process.wait(timeout=20) == 128 + signal.SIGTERM
        assert time.monotonic() - asked < 15
        assert list(Path(temporary).iterdir()) == []
    assert not (tmp_path / "out/work").exists()
    assert not (tmp_path / "out/report.json").exists()


def arguments(small: Path, *rest: str) -> list[str]:
    """Return the command line of the command on the small course."""
    return [sys.executable, "-m", "aula.cli", "--root", str(small.parents[1]), *rest]


def command(small: Path, *rest: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as deploy does, with no home to write to."""
    return subprocess.run(
        arguments(small, *rest),
        env={**os.environ, **HERE, "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_release_needs_no_home_and_no_path(small: Path, tmp_path: Path) -> None:
    """The course account releases with an unwritable home and without our commands on PATH."""
    done = command(small, "release", "small", "--run-dir", str(tmp_path / "run"), PATH="/usr/bin:/bin")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "run/release/sums/sums.ipynb").is_file()


def test_a_failed_notebook_ends_with_1_and_its_traceback(small: Path, tmp_path: Path) -> None:
    """Progress goes to the error stream, the failure to the output, the exit status to CI."""
    edit(small / "lessons/01-hello.md", 'print("solved")', "1 / 0")
    done = command(small, "notebooks", "small", "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "[2/2]" in done.stderr
    assert "small/lessons/01-hello: cell 5:" in done.stdout
    assert "ZeroDivisionError: division by zero" in done.stdout
    assert "1 of 2 notebooks ran clean" in done.stdout
    page = done.stdout.partition("In a browser: ")[2].partition("\n")[0]
    assert (tmp_path / "out") in Path(page).parents
    assert Path(page).is_file()


def test_the_checkout_is_found_from_inside(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder of the checkout no --root is needed."""
    monkeypatch.chdir(small / "lessons")
    assert cli.main(["courses"]) == 0
    assert capsys.readouterr().out.startswith("small: ")
