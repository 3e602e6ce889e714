"""Fixtures of the tests on a strange site: the site as its own staff sees it."""

import socket
from collections.abc import Callable, Iterator

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


@pytest.fixture(scope="session", autouse=True)
def known_names(classroom: Classroom) -> Iterator[None]:
    """Let this process find the names that only the site itself knows."""
    lookup = socket.getaddrinfo

    def find(host: object, *rest: object, **more: object) -> object:
        known = next((at for name, at in classroom.resolver.items() if f".{host}".endswith(f".{name}")), host)
        return lookup(known, *rest, **more)  # type: ignore[arg-type]  # handed through

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", find)
        yield
