"""A correction in the middle of a course run: it reaches who works, and takes nothing that they wrote."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from deploy import demo
from deploy.accounts import home
from deploy.command import run
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.integration.person import alone, wait_for

LESSON = "02-first-job"
CORRECTED, NOTE, BACK = "The word that was missing stands here.", "A word was missing.", "The word is out again."


def correct(classroom: Classroom, checkout: Path, note: str) -> None:
    """Run `make correct` in a checkout."""
    words = ["make", "correct", f"RUN={demo.RUN}", f"NOTE={note}"]
    run(words, cwd=checkout, env=classroom.settings.environment_variables, timeout=280)


@pytest.fixture
def corrected(classroom: Classroom, tmp_path: Path) -> Iterator[Path]:
    """A checkout with a sentence more in a lesson; afterwards the run has the course as it is again."""
    checkout = tmp_path / "checkout"
    shutil.copytree(CHECKOUT, checkout, ignore=shutil.ignore_patterns(".git", "build"))
    with (checkout / "courses" / demo.COURSE / "lessons" / f"{LESSON}.md").open("a") as lesson:
        lesson.write(f"\n{CORRECTED}\n")
    yield checkout
    correct(classroom, CHECKOUT, BACK)


def test_a_correction_reaches_who_works(classroom: Classroom, corrected: Path) -> None:
    """Bruno's page is told; what he takes has the correction and his own cell, and his old file is set aside."""
    with alone(classroom, "bruno") as bruno:
        bruno.start()
        place = home(classroom.settings, bruno.name) / "courses" / demo.RUN
        file = place / "lessons" / f"{LESSON}.ipynb"
        original = file.read_text()
        book = nbformat.reads(original, as_version=4)
        assert CORRECTED not in json.dumps(book)
        book.cells.append(nbformat.v4.new_code_cell("mine = 1"))
        file.write_text(nbformat.writes(book))

        correct(classroom, corrected, NOTE)
        (waiting,) = wait_for(lambda: bruno.at_server("aula/versions").json()["waiting"], "the page is told")
        assert waiting["notes"] == [NOTE]
        assert CORRECTED not in file.read_text(), "nothing changes under somebody's hands"
        answer = bruno.create_at_server("aula/versions", {"does": "update"})
        assert answer.status_code == 200, answer.text

        sources = [cell.source for cell in nbformat.read(file, as_version=4).cells]
        assert any(CORRECTED in source for source in sources)
        assert "mine = 1" in sources
        kept = list((place / "kept").rglob(f"{LESSON}.ipynb"))
        assert [nbformat.read(one, as_version=4) for one in kept] == [book]
        assert file.owner() == bruno.name
        assert NOTE in bruno.session.get(f"{classroom.address}/services/portal/", timeout=30).text
        shutil.rmtree(place / "kept")
        file.write_text(original)
