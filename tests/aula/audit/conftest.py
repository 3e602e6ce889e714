"""A course run with a small course released into it, and with marks of three trainees."""

import shutil
from pathlib import Path

import pytest

from aula.audit import verification
from aula.audit.watched import watch
from aula.release import release
from tests.aula.audit import marking
from tests.aula.small_course import load, write_course


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the verification look again at once: nobody else writes."""
    monkeypatch.setattr(verification, "AGAIN_S", (0.0, 0.0))


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run's folder, to be copied: the small course's assignment is released, nobody handed in."""
    place = tmp_path_factory.mktemp("released")
    release.release(load(write_course(place)), place / "run")
    return place / "run"


@pytest.fixture(scope="session")
def graded(released: Path) -> Path:
    """Return one to be copied, where three trainees have marks, by programs and by hand."""
    run_dir = copied(released, released.parent / "graded")
    marking.grade(run_dir, ana=2.0, bruno=0.0, cem=1.0)
    marking.grade(run_dir, bruno=1.5)
    marking.by_hand(run_dir, "ana", manual_score=0.5)
    marking.by_hand(run_dir, "ana", manual_score=1.0, extra_credit=0.25)
    marking.by_hand(run_dir, "cem", "total-test", manual_score=2.0)
    marking.by_hand(run_dir, "bruno", manual_score=0.0)
    return run_dir


@pytest.fixture
def empty_run(released: Path, tmp_path: Path) -> Path:
    """Return a course run of the test's own, without marks."""
    return copied(released, tmp_path)


@pytest.fixture
def run_dir(graded: Path, tmp_path: Path) -> Path:
    """Return a course run of the test's own, with marks."""
    return copied(graded, tmp_path)


def copied(run_dir: Path, to: Path) -> Path:
    """Copy gradebook and log of a course run, and watch the copy."""
    target = to / "run"
    (target / "audit").mkdir(parents=True)
    for name in ("gradebook.db", "audit/log.jsonl"):
        shutil.copyfile(run_dir / name, target / name)
    watch(target)
    return target
