"""Line 19: whoever opens a submission in formgrader, from a real server in Chromium, sees it and is not harmed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import kernel
from tests.aula.web.aula_formgrader.formgrader import Course, Formgrader, serving
from tests.aula.web.aula_formgrader.hostile_pages import PAGES, Page
from tests.aula.web.aula_formgrader.reading import Reading, reading

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")  # nbgrader's own


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    """A formgrader."""
    folder = tmp_path_factory.mktemp("formgrader") / "course"
    with kernel.settled(Path(sys.executable).parent), serving(Course(folder)) as one:
        yield one


@pytest.fixture(scope="module")
def reader(formgrader: Formgrader) -> Iterator[Reading]:
    """An instructor's browser."""
    with reading(formgrader) as one:
        yield one


@pytest.mark.parametrize("hostile", PAGES, ids=lambda one: one.name)
def test_what_is_read_in_formgrader_does_nothing(formgrader: Formgrader, reader: Reading, hostile: Page) -> None:
    """It asks for nothing, leads nowhere, hides nothing, and changes no mark."""
    reader.grade(formgrader, f"student-{PAGES.index(hostile)}", hostile)
