"""Ports that we must listen on, tried with real sockets."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.classroom import places, ports, services
from deploy.daemon import Daemon
from deploy.demo import HUB_PORT
from deploy.errors import PortTakenError
from deploy.settings import PORT_OFFSETS, Settings

# A daemon outlives the process that started it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest.fixture
def free(settings: Settings) -> Settings:
    """Settings with a range of ports on which nothing listens at the moment."""
    for start in range(24000, 32000, 100):
        here = replace(settings, port=start)
        if not any(ports._taken("127.0.0.1", here.port_of(what)) for what in PORT_OFFSETS):
            return here
    raise AssertionError("no free range of ports between 24000 and 32000")


def stopped(settings: Settings) -> dict[str, Daemon]:
    """Everything of ours that listens, none of it running."""
    return {what: Daemon(what, settings.state) for what in PORT_OFFSETS}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A stranger's socket, not bound yet."""
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield stranger


def test_free_ports_are_well(free: Settings) -> None:
    """Nothing is said where nobody listens, although the nodes' network does not exist yet."""
    ports.check(free, stopped(free))


@pytest.mark.parametrize("what", PORT_OFFSETS)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104  strangers listen where they like
def test_a_stranger_on_a_port_is_named(free: Settings, listener: socket.socket, what: str, address: str) -> None:
    """A stranger on any of our ports is an error with the port, what it is for, how to look, and the remedy."""
    port = free.port_of(what)
    listener.bind((address, port))
    listener.listen()
    with pytest.raises(PortTakenError) as error:
        ports.check(free, stopped(free))
    assert str(error.value).startswith(f"Port {port} ({what}) is taken by pid {os.getpid()} (")
    assert f"PORT={free.port + 100} make up" in str(error.value)


def test_a_stranger_on_the_hubs_port_is_named(free: Settings, listener: socket.socket) -> None:
    """The hub's port is always the same on the nodes' network: only stopping the stranger helps."""
    here = replace(free, subnet="127.0.0")
    listener.bind((here.head_address, HUB_PORT))
    listener.listen()
    with pytest.raises(PortTakenError, match=rf"Port {HUB_PORT} \(hub\) .* Stop it$"):
        ports.check(here, stopped(here))


def test_a_stranger_on_a_formgraders_port_is_named(free: Settings, listener: socket.socket) -> None:
    """Each open run's formgrader has a port of its own, which is looked at as well."""
    place = places.of(free, "hpc-demo")
    listener.bind(("127.0.0.1", place.port(free)))
    listener.listen()
    ports.check(free, stopped(free))
    name = services.formgrader_name("hpc-demo")
    with pytest.raises(PortTakenError, match=rf"Port {place.port(free)} \({name}\) is taken"):
        ports.check(free, {**stopped(free), name: Daemon(name, free.state)})


def test_our_own_daemon_may_listen(free: Settings, listener: socket.socket, me: str) -> None:
    """A port on which our own running daemon listens is no error: `up` may be repeated."""
    listener.bind(("127.0.0.1", free.port_of("book")))
    listener.listen()
    book = Daemon("book", free.state, ["sleep", "60"], user=me)
    book.start(lambda: True)
    try:
        ports.check(free, {"book": book})
    finally:
        book.stop()
    with pytest.raises(PortTakenError):
        ports.check(free, {"book": book})
