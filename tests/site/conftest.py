"""Fixtures of the tests on a strange site: the site as its own staff sees it."""

from collections.abc import Callable

import pytest

from deploy.command import run
from deploy.daemon import Daemon
from deploy.testsite import service_node
from tests.classroom import Classroom


@pytest.fixture(scope="session")
def on_service_node(classroom: Classroom) -> Callable[..., str]:
    """Run a command as root on the service node and return what it printed."""

    def call(*words: str) -> str:
        pid = Daemon("service-node", classroom.cluster.state).pid()
        assert pid is not None
        return run([*service_node.entered(pid), *words], timeout=60)

    return call
