"""A part of the class killed as a crash would, and whether it is back."""

import os
import signal
from contextlib import suppress

import requests

from deploy.daemon import Daemon
from tests.classroom import Classroom
from tests.integration.person import Person, wait_for


def kill(classroom: Classroom, part: str) -> int:
    """Kill a part of the class as a crash would, and return the pid that it had."""
    pid = Daemon(part, classroom.settings.state).pid()
    assert pid is not None, f"{part} does not run"
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: Daemon(part, classroom.settings.state).pid() != pid, f"{part} is dead")
    return pid


def back(classroom: Classroom, part: str, before: int) -> None:
    """Wait until the keeper has started a part again."""
    found = Daemon(part, classroom.settings.state)
    wait_for(lambda: found.pid() not in (None, before), f"{part} was started again")


def answers(person: Person) -> bool:
    """Whether the person's server answers through the proxy."""
    with suppress(requests.ConnectionError):
        return person.at_server("api/status").status_code == 200
    return False
