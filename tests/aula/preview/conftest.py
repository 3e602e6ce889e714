"""What the tests of the preview share."""

from collections.abc import Iterator

import pytest

from tests.aula.preview.running import Running, running


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a small course, which each test edits and mends."""
    with running(tmp_path_factory.mktemp("preview")) as preview:
        preview.wait("", lambda now: bool(now["pages"]))
        yield preview
