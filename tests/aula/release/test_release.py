"""Releasing with the real nbgrader, and the proof that nothing leaks."""

import bz2
import gzip
import json
import lzma
import shutil
import sqlite3
from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from aula import assignment
from aula.errors import BookError, LeakError, ReleaseError
from aula.kernelspec import Kernel
from aula.press import released
from aula.release import leaks
from aula.release.release import release
from tests.aula.small_course import TASK, load, released_text, write_course

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Path:  # noqa: ARG001 - its effect
    """A course run with the small course released once."""
    root = tmp_path_factory.mktemp("released")
    release(load(write_course(root)), root / "runs" / "small-demo")
    return root / "runs" / "small-demo"


def test_the_released_copy_shows_stubs_and_public_tests_only(run_dir: Path) -> None:
    """The trainee's copy holds the task and its public test; solution, hidden test and answer are gone."""
    text = released_text(run_dir)
    assert "YOUR CODE HERE" in text
    assert "YOUR ANSWER HERE" in text
    assert "assert isinstance(total([1]), int)" in text
    for secret in ("start=0", "42", "commutative", "HIDDEN"):
        assert secret not in text


def test_a_copy_of_today_may_be_published(run_dir: Path, tmp_path: Path) -> None:
    """What was released from today's text is no older than the text."""
    course = load(write_course(tmp_path))
    released.check(course, course.assignments[0], run_dir / "release/sums")


@pytest.mark.parametrize("file", ["sums.md", "numbers.txt"])
def test_a_copy_of_yesterday_is_not_published(run_dir: Path, tmp_path: Path, file: str) -> None:
    """Where the text or a file beside it has changed since, the book says what to run again."""
    folder = write_course(tmp_path)
    path = folder / "assignments/sums" / file
    path.write_text(path.read_text(encoding="utf-8") + "\nOne word more.\n", encoding="utf-8")
    course = load(folder)
    with pytest.raises(BookError, match=r"is stale: .* run `aula release small --run-dir .*` again"):
        released.check(course, course.assignments[0], run_dir / "release/sums")


def test_data_travels_and_the_text_notebook_does_not(run_dir: Path) -> None:
    """What lies beside the assignment is in the trainee's folder; the text with the solution is not."""
    assert {p.name for p in (run_dir / "release/sums").iterdir()} == {"sums.ipynb", "numbers.txt"}


def test_the_run_is_an_nbgrader_course_directory(run_dir: Path) -> None:
    """nbgrader run in that folder finds the course id, the folder and the assignment's points."""
    configuration = (run_dir / "nbgrader_config.py").read_text(encoding="utf-8")
    assert "course_id = 'small-demo'" in configuration
    with sqlite3.connect(run_dir / "gradebook.db") as gradebook:
        rows = gradebook.execute("select max_score from grade_cells").fetchall()
    gradebook.close()
    assert sorted(rows) == [(1.0,), (2.0,)]


def test_the_due_date_is_counted_once(small: Path, tmp_path: Path) -> None:
    """An assignment is due the days that course.yml says after its first release; a date set by hand stays."""
    run_dir = tmp_path / "run"
    release(load(small), run_dir)
    (task,) = load(small).assignments
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}") as gradebook:
        due = gradebook.find_assignment(task.name).duedate
        assert timedelta(days=task.due_days - 1) < due - datetime.now(UTC).replace(tzinfo=None)
        assert due - datetime.now(UTC).replace(tzinfo=None) < timedelta(days=task.due_days + 1)
        gradebook.update_or_create_assignment(task.name, duedate=datetime(2030, 1, 31, 12))
    release(load(small), run_dir)
    with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment(task.name).duedate == datetime(2030, 1, 31, 12)


def test_a_due_date_that_is_given_is_set(small: Path, tmp_path: Path) -> None:
    """A run's own due date takes the place of the course's days, in UTC, also at a later release."""
    run_dir, istanbul = tmp_path / "run", timezone(timedelta(hours=3))
    for day in (9, 10):
        release(load(small), run_dir, due={"sums": datetime(2026, 11, day, 23, 59, tzinfo=istanbul)})
        with Gradebook(f"sqlite:///{run_dir / 'gradebook.db'}") as gradebook:
            assert gradebook.find_assignment("sums").duedate == datetime(2026, 11, day, 20, 59)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ({"sumz": datetime(2026, 11, 9, tzinfo=UTC)}, "no assignment 'sumz': it has sums"),
        ({"sums": datetime(2026, 11, 9)}, "has no time zone"),
    ],
)
def test_a_due_date_of_nothing_is_told(small: Path, tmp_path: Path, due: dict[str, datetime], said: str) -> None:
    """An unknown assignment, or a time that could be meant anywhere, is refused before anything is written."""
    with pytest.raises(ReleaseError, match=said):
        release(load(small), tmp_path / "run", due=due)
    assert not (tmp_path / "run").exists()


def test_the_released_copy_asks_for_its_runs_kernel(small: Path, tmp_path: Path) -> None:
    """The trainee's notebook names the run's kernel, which need not be there yet; nothing else in it differs."""
    release(load(small), tmp_path / "one")
    release(load(small), tmp_path / "two", "hpc-lisbon", kernel=Kernel("hpc-lisbon", "HPC in Lisbon"))
    one, two = (json.loads(released_text(tmp_path / name)) for name in ("one", "two"))
    assert two["metadata"].pop("kernelspec") == {
        "name": "hpc-lisbon",
        "display_name": "HPC in Lisbon",
        "language": "python",
    }
    assert one["metadata"].pop("kernelspec")["name"] == "python3"
    assert one == two


def test_other_accounts_cannot_look_into_the_run(run_dir: Path) -> None:
    """Sources with solutions and the gradebook are closed to trainees' accounts."""
    assert run_dir.stat().st_mode & 0o007 == 0


def test_a_copy_that_shows_a_solution_is_not_released(small: Path, tmp_path: Path) -> None:
    """A solution in a file beside the assignment is found, named, and nothing of the copy stays."""
    (small / "assignments/sums/hint.py").write_text("def f(numbers):\n    return sum(numbers, start=0)\n")
    with pytest.raises(LeakError, match=r"hint\.py: return sum\(numbers, start=0\)"):
        release(load(small), tmp_path / "run")
    assert not (tmp_path / "run/release/sums").exists()


LEAKS = {
    "the solution in a cell": ("source", ["    return sum(numbers, start=0)\n"]),
    "a hidden test in metadata": ("metadata", {"old": "x\nassert total([19, 23]) == 42"}),
    "an output": ("outputs", [{"output_type": "stream", "name": "stdout", "text": ["1"]}]),
    "an execution count": ("execution_count", 3),
    "an attachment": ("attachments", {"a.txt": {"text/plain": "MQ=="}}),
    "a line that is not its source's": ("source", ["as nobody wrote it"]),
    "the solution packed": ("metadata", {"old": b64encode(b"return sum(numbers, start=0)").decode()}),
    "the solution set otherwise": ("metadata", {"old": "Return  sum( numbers,start = 0 )"}),
}


@pytest.mark.parametrize(("key", "value"), LEAKS.values(), ids=LEAKS)
def test_leaks_are_found_wherever_they_stand(run_dir: Path, tmp_path: Path, key: str, value: object) -> None:
    """The comparison with the source finds secrets in sources and metadata, and any output."""
    root = write_course(tmp_path)
    source = assignment.read(root / "assignments/sums/sums.md", 3)
    content = json.loads(released_text(run_dir))
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy/sums.ipynb").write_text(json.dumps(content))
    assert leaks.find(source, tmp_path / "copy") == []
    content["cells"][1][key] = value
    (tmp_path / "copy/sums.ipynb").write_text(json.dumps(content))
    assert len(leaks.find(source, tmp_path / "copy")) == 1


PACKED = {
    "old.gz": gzip.compress(TASK.encode()),
    "old.bz2": bz2.compress(TASK.encode()),
    "old.xz": lzma.compress(TASK.encode()),
    "old.txt": TASK.encode("utf-16"),
    "old.b64": b64encode(TASK.encode()),
    "old.ipynb": b"{}",
    "more.ipynb": b'{"cells": [{"outputs": [{"output_type": "stream"}]}]}',
}


@pytest.mark.parametrize(("name", "content"), PACKED.items(), ids=PACKED)
def test_leaks_are_found_in_files_beside(run_dir: Path, tmp_path: Path, name: str, content: bytes) -> None:
    """A copy of the text is found however it is packed, and a notebook beside must be one without outputs."""
    source = assignment.read(write_course(tmp_path) / "assignments/sums/sums.md", 3)
    shutil.copytree(run_dir / "release/sums", tmp_path / "sums")
    (tmp_path / "sums" / name).write_bytes(content)
    assert all(said.startswith(f"{name}: ") for said in leaks.find(source, tmp_path / "sums"))
    assert leaks.find(source, tmp_path / "sums")


def test_a_run_that_cannot_be_written_is_named(small: Path, tmp_path: Path) -> None:
    """A place where no folder can be made is an error in words."""
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ReleaseError, match=r"file/run: cannot be written"):
        release(load(small), tmp_path / "file" / "run")
