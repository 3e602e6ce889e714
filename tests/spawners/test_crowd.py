"""A class that presses a button in the same second: nobody is cut off."""

import signal
import socket
from contextlib import ExitStack

from tests.spawners.hub_double import HubDouble

PEOPLE = 300
REQUEST = b"GET /hub/api/ HTTP/1.0\r\n\r\n"


def test_a_busy_hub_lets_a_whole_class_wait(hub: HubDouble) -> None:
    """Whoever comes while the hub is busy is connected at once, and answered when it has time."""
    assert hub.process
    hub.process.send_signal(signal.SIGSTOP)
    try:
        with ExitStack() as stack:
            people = [
                stack.enter_context(socket.create_connection(("127.0.0.1", hub.port), timeout=0.9))
                for _ in range(PEOPLE)
            ]
            for one in people:
                one.sendall(REQUEST)
            hub.process.send_signal(signal.SIGCONT)
            for one in people:
                one.settimeout(30)
                assert one.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        hub.process.send_signal(signal.SIGCONT)
