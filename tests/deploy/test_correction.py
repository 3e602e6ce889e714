"""A corrected course reaches a course run that is under way, or nothing changes."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import people
from deploy.classroom import correction, places, run
from deploy.errors import DeployError


@dataclass
class Machine:
    """A machine that has one course run; what would be done in other accounts' names is noted."""

    folder: Path
    refuses: bool = False
    done: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def settings(self) -> Any:
        """The settings that matter here."""
        site = SimpleNamespace(course_folder=self.folder, course_account="root")
        return SimpleNamespace(state=self.folder, site=site)

    @property
    def held(self) -> str:
        """What the run's own copy of the course says."""
        return (self.folder / "content/hpc-1/courses/hpc/course.yml").read_text()

    def release(self, _: Any, course_run: Any, __: Any, *, root: Path, note: str) -> None:
        """Release as `aula release` does, or refuse."""
        text = (root / "courses/hpc/course.yml").read_text()
        self.done.append(("release", course_run.name, text, note))
        if self.refuses:
            raise DeployError("it shows a solution")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with the run hpc-1 of the course hpc, which was corrected in the checkout."""
    there = Machine(tmp_path)
    for place, text in (("content/hpc-1/courses/hpc", "before"), ("checkout/courses/hpc", "after")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "course.yml").write_text(text)
    (tmp_path / "work/tried").mkdir(parents=True)
    nobody: dict[str, Any] = {key: [] for key in ("trainees", "instructors", "tutors", "assignments")}
    row = {**nobody, "name": "hpc-1", "course": "hpc", "title": "HPC", "content": "c1", "environment": "e1"}
    document = {"version": 1, "companies": [], "accounts": [], "waiting": [], "runs": [row]}
    people.file(there.settings).write_text(json.dumps(document))
    monkeypatch.setattr(correction, "CHECKOUT", tmp_path / "checkout")
    monkeypatch.setattr(places, "of", lambda _, name: places.Place(name, 0, "root"))
    monkeypatch.setattr(run, "release", there.release)
    monkeypatch.setattr(run, "as_course", lambda _, words: there.done.append(("lessons", words[3])))
    monkeypatch.setattr(run, "deliver", lambda *_, note: there.done.append(("deliver", there.held, note)))
    told = lambda _, words, root: there.done.append(("told", *words[:3], root.name))  # noqa: E731
    monkeypatch.setattr(correction.people_database, "aula", told)
    return there


def test_a_correction_becomes_the_runs_own_course(machine: Machine) -> None:
    """Lessons are tried, assignments released with the note, then the run's copy is the corrected one and is told."""
    correction.correct(machine.settings, "hpc-1", "The table was wrong.")
    assert machine.done == [
        ("lessons", "lessons"),
        ("release", "hpc-1", "after", "The table was wrong."),
        ("deliver", "after", "The table was wrong."),
        ("told", "run", "corrected", "hpc-1", "hpc-1"),
    ]
    assert machine.held == "after"
    assert [path.name for path in (machine.folder / "content/hpc-1").iterdir()] == ["courses"]


def test_what_is_refused_changes_nothing(machine: Machine) -> None:
    """A correction that cannot be released leaves the run with the course that it has; nobody is told of it."""
    machine.refuses = True
    with pytest.raises(DeployError, match="shows a solution"):
        correction.correct(machine.settings, "hpc-1", "The table was wrong.")
    assert machine.held == "before"
    assert [what for what, *_ in machine.done] == ["lessons", "release"]
    assert [path.name for path in (machine.folder / "content/hpc-1").iterdir()] == ["courses"]


def test_what_is_the_same_is_no_correction(machine: Machine) -> None:
    """Who forgot to pull is told, and nobody else."""
    (machine.folder / "checkout/courses/hpc/course.yml").write_text("before")
    with pytest.raises(DeployError, match="pull the correction first"):
        correction.correct(machine.settings, "hpc-1", "The table was wrong.")
    assert (machine.done, machine.held) == ([], "before")


@pytest.mark.parametrize(
    ("name", "note", "said"), [("hpc-2", "x", "RUN=hpc-1"), ("", "x", "RUN=hpc-1"), ("hpc-1", " ", "NOTE=")]
)
def test_what_is_missing_is_asked_for(machine: Machine, name: str, note: str, said: str) -> None:
    """An unknown run is told with the nearest one, and nothing is released without a word for its people."""
    with pytest.raises(DeployError, match=said):
        correction.correct(machine.settings, name, note)
    assert machine.done == []
