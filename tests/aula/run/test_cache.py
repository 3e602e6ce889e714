"""What ran clean runs again only when something changes that it depends on."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aula.run import cache, runner
from tests.aula.small_course import edit, load

pytestmark = pytest.mark.usefixtures("settled")

LESSON, TASK = "small/lessons/01-hello", "small/assignments/sums"


def ran(small: Path, tmp_path: Path) -> set[str]:
    """Execute the course, and return the notebooks that ran this time."""
    results = runner.run((load(small),), tmp_path / "out", kept=tmp_path / "kept", tell=lambda _line: None)
    return {result.title for result in results if not result.cached}


def test_unchanged_is_not_executed(small: Path, tmp_path: Path) -> None:
    """The second time nothing runs; reports and executed notebooks are there as after the first."""
    assert ran(small, tmp_path) == {LESSON, TASK}
    executed = tmp_path / "out/executed/small/lessons/01-hello.ipynb"
    first = executed.read_text()
    shutil.rmtree(tmp_path / "out")
    assert ran(small, tmp_path) == set()
    assert executed.read_text() == first
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert [(one["state"], one["cached"]) for one in report["notebooks"]] == [("ok", True)] * 2
    assert (tmp_path / "kept").stat().st_mode & 0o007 == 0


def test_what_ran_elsewhere_is_known_and_left_alone(small: Path, tmp_path: Path) -> None:
    """Results of another machine are read, never written; what they do not know is executed and kept."""
    ran(small, tmp_path / "there")
    known = tmp_path / "there" / "kept"
    before = snapshot(known)
    edit(small / "lessons/01-hello.md", "twice", "thrice")
    out, kept = tmp_path / "out", tmp_path / "kept"
    results = runner.run((load(small),), out, kept=kept, known=known, tell=lambda _: None)
    assert {result.title for result in results if not result.cached} == {LESSON}
    assert {result.title for result in results if result.cached} == {TASK}
    assert (out / "executed/small/assignments/sums.ipynb").is_file()
    assert snapshot(known) == before
    assert len(list(kept.iterdir())) == 1


def snapshot(folder: Path) -> dict[Path, bytes]:
    """Return what lies in a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a lesson": (lambda small: edit(small / "lessons/01-hello.md", "twice", "thrice"), {LESSON}),
    "a script beside it": (lambda small: edit(small / "lessons/helper.py", "return", "return 0 +"), {LESSON}),
    "its data": (lambda small: edit(small / "data/table.csv", "a,b", "a,c"), {LESSON}),
    "a solution": (lambda small: edit(small / "assignments/sums/sums.md", "start=0", "start = 0"), {TASK}),
    "its time limit": (lambda small: edit(small / "course.yml", "time_limit_s: 30", "time_limit_s: 29"), {LESSON}),
    "a title": (lambda small: edit(small / "course.yml", "Small course", "Tiny course"), set()),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES)
def test_what_depends_on_a_change_runs_again(
    small: Path, tmp_path: Path, change: Callable[[Path], None], again: set[str]
) -> None:
    """A change runs those notebooks again that can see it, and no others."""
    ran(small, tmp_path)
    change(small)
    assert ran(small, tmp_path) == again
    assert ran(small, tmp_path) == set()


def test_another_installation_runs_all_again(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library in another version, for the kernel or for whoever runs it, is a change for all."""
    ran(small, tmp_path)
    monkeypatch.setattr(cache, "_machinery", lambda _: b"another numpy")
    assert ran(small, tmp_path) == {LESSON, TASK}


def test_what_failed_is_not_kept(small: Path, tmp_path: Path) -> None:
    """A notebook that does not run clean runs every time, and the others do not."""
    edit(small / "lessons/01-hello.md", 'print("solved")', "raise ValueError('no')")
    assert ran(small, tmp_path) == {LESSON, TASK}
    assert ran(small, tmp_path) == {LESSON}


@pytest.mark.parametrize("name", [cache.RESULT, cache.NOTEBOOK])
def test_what_was_cut_short_runs_again(small: Path, tmp_path: Path, name: str) -> None:
    """A run that was interrupted goes on where it was: half of a result counts for nothing."""
    ran(small, tmp_path)
    half = next(path for path in (tmp_path / "kept").iterdir() if "01-hello" in (path / cache.RESULT).read_text())
    (half / name).unlink()
    assert ran(small, tmp_path) == {LESSON}
