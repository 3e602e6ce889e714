"""A formgrader for all tests of its pages."""

from collections.abc import Iterator

import pytest

from tests.aula.web.aula_formgrader.formgrader import Course, Formgrader, serving


@pytest.fixture(scope="session")
def formgrader(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Iterator[Formgrader]:  # noqa: ARG001  nbgrader needs it
    """A formgrader; each test hands in as somebody of its own."""
    with serving(Course(tmp_path_factory.mktemp("formgrader") / "course")) as one:
        yield one
