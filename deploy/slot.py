"""Classrooms for tests and benchmarks, which share nothing with the machine's own nor with each other."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deploy.classroom import classroom
from deploy.errors import DeployError
from deploy.settings import Settings

SLOTS = 9


def numbered(number: int) -> Settings:
    """Return a classroom for tests, that shares nothing with the machine's own nor with other slots."""
    base = Settings.from_environment({})
    name = f"aula-t{number}"
    return replace(
        base,
        name=name,
        prefix=Path(f"/opt/{name}"),
        state=Path(f"/srv/{name}"),
        port=base.port + 100 * number,
        subnet=f"10.77.{number}",
    )


def site_of(slot: Settings) -> Settings:
    """Return a test site beside a slot's classroom. It takes the slot's programs, which its nodes do not see."""
    name = slot.name.replace("-t", "-s")
    subnet = slot.subnet.replace("10.77.", "10.78.")
    return replace(slot, cluster="testsite", name=name, state=Path(f"/srv/{name}"), subnet=subnet)


@contextmanager
def free() -> Iterator[Settings]:
    """Hold the first slot that no other test run on this machine holds."""
    for number in range(1, SLOTS + 1):
        with Path(f"/run/aula-t{number}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield numbered(number)
            return
    raise DeployError(f"{SLOTS} test runs are at work on this machine. Wait until one has ended.")


def throw_away(settings: Settings) -> None:
    """Stop a slot's classroom and remove all that it wrote."""
    classroom.remove(settings)
    shutil.rmtree(settings.state, ignore_errors=True)
