"""The hub's database locked, and its disk full: it fails closed, nobody's server notices, it recovers by itself."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
import requests

from deploy.classroom import classroom as whole
from deploy.classroom import hub
from deploy.command import run
from deploy.lock import exclusive
from tests.classroom import Classroom
from tests.integration.person import Person, sign_in, wait_for

# A hub outlives the test that starts it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
LOCKED_S = 30.0


def signs_in(classroom: Classroom, who: str) -> bool:
    """Whether somebody can sign in now."""
    address = f"{classroom.address}/hub"
    try:
        answer = sign_in(requests.Session(), address, classroom.name(who), classroom.password(who))
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.url == f"{address}/home"


def test_the_database_is_locked_for_half_a_minute(classroom: Classroom, bruno: Person) -> None:
    """Somebody holds the database for 30 s: the hub says no, lives on, and everything works again afterwards."""
    job = bruno.jobs()[0]
    path = classroom.settings.state / "hub" / "jupyterhub.sqlite"
    began = time.monotonic()
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        refused = 0
        while time.monotonic() - began < LOCKED_S:
            refused += not signs_in(classroom, "deniz")
            time.sleep(1)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert refused, "nothing failed: the lock was not felt, so this proves nothing"
    wait_for(lambda: signs_in(classroom, "deniz"), "people can sign in again")
    assert bruno.server()["ready"]
    assert bruno.jobs() == [job]
    assert bruno.at_server("api/status").status_code == 200


def test_the_disk_is_full(classroom: Classroom, bruno: Person) -> None:
    """The hub's disk is full: nothing is promised, the server runs on; with room again all is as before."""
    job = bruno.jobs()[0]
    settings = classroom.settings
    folder = settings.state / "hub"
    kept = settings.state / "hub-kept"
    with exclusive(settings.state, patience=60):  # or the keeper starts the hub that is stopped here
        hub.daemon(settings).stop()
        run(["cp", "--archive", folder, kept])
        run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", folder])
        try:
            run(["cp", "--archive", f"{kept}/.", f"{folder}/"])
            hub.up(settings)
            _fill(folder / "filler")
            token = {"note": "made while the disk is full", "expires_in": 60}
            assert bruno.api("POST", f"users/{bruno.name}/tokens", token).status_code == 500
            assert bruno.at_server("api/status").status_code in (200, 500)
            assert bruno.jobs() == [job]
            (folder / "filler").unlink()
            assert bruno.api("POST", f"users/{bruno.name}/tokens", token).status_code == 201
            assert signs_in(classroom, "deniz")
            assert bruno.server()["ready"]
            hub.daemon(settings).stop()
            run(["cp", "--archive", f"{folder}/.", f"{kept}/"])
        finally:
            hub.daemon(settings).stop()
            run(["umount", "--lazy", folder])  # a command that the hub had started may still stand there
            run(["cp", "--archive", f"{kept}/.", f"{folder}/"])
            shutil.rmtree(kept)
            hub.up(settings)
    wait_for(lambda: whole.status(settings).healthy, "the class is healthy again")
    assert bruno.server()["ready"]
    assert bruno.jobs() == [job]


def _fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return
