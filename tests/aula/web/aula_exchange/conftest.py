"""A course run with an assignment, its hand-in service, and people who work with nbgrader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aula.web.aula_exchange.lesson import RUN, Lesson
from tests.aula.web.aula_exchange.served import Served

PACKAGE = Path(__file__).parents[4] / "aula" / "web"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return the service, with the folders of a course run that ana and bora are in."""
    for name in ("handed-in", "given"):
        (tmp_path / "service" / name / RUN).mkdir(parents=True)
    with Served(tmp_path / "service") as running:
        running.people.update(ana=[f"nbgrader-{RUN}"], bora=[f"nbgrader-{RUN}"], eve=["nbgrader-elsewhere"])
        yield running


@pytest.fixture
def lesson(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled: None) -> Lesson:  # noqa: ARG001  nbgrader needs it
    """Return a course run whose assignment `sums` is released, and where its people work."""
    monkeypatch.syspath_prepend(PACKAGE)  # as PREFIX/code is: the package has another name there
    monkeypatch.setattr("aula_exchange.service.WAITS_S", (0.01, 0.01))
    made = Lesson(tmp_path, served, monkeypatch)
    made.release()
    return made
