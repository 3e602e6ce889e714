"""The long fault runs of `make soak`: up and down by the dozen, `up` killed at any moment, parts killed at random."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from deploy import keeper
from deploy.classroom import classroom as whole
from deploy.daemon import Daemon
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.faults.crash import cut_power, parts
from tests.faults.parts import answers
from tests.integration.person import alone, wait_for

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

TIMES = 20
KILLS = 30


@pytest.fixture(scope="module", autouse=True)
def whole_again(classroom: Classroom) -> Iterator[None]:
    """Leave a healthy classroom to whoever comes next."""
    yield
    assert whole.up(classroom.settings).healthy


def make_up(classroom: Classroom) -> "subprocess.Popen[bytes]":
    """Begin `make up` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "deploy", "up"],
        cwd=CHECKOUT,
        env={**os.environ, **classroom.settings.environment_variables},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.mark.parametrize("time_no", range(TIMES))
def test_down_and_up(classroom: Classroom, time_no: int) -> None:
    """`down` leaves nothing behind, and `up` after it is healthy and starts a server; twenty times."""
    whole.down(classroom.settings)
    assert whole.remains(classroom.settings) == []
    assert whole.up(classroom.settings).healthy
    if time_no % 5 == 0:
        with alone(classroom, "bruno") as bruno:
            bruno.start()


@pytest.mark.parametrize("after_s", [0.3 + 0.6 * n for n in range(TIMES)])
def test_up_killed(classroom: Classroom, after_s: float) -> None:
    """`up` after a power cut is killed, at twenty moments from its first second on: the next one is healthy."""
    cut_power(classroom.settings)
    process = make_up(classroom)
    with process:
        time.sleep(after_s)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert whole.up(classroom.settings).healthy


@pytest.mark.parametrize("seed", range(3))
def test_parts_killed_at_random(classroom: Classroom, seed: int) -> None:
    """Ten parts in turn, chosen at random, are killed while a server runs: it lives on, and all of them come back."""
    chance = random.Random(seed)  # noqa: S311  (it hides nothing)
    with alone(classroom, "bruno") as bruno:
        bruno.start()
        job = bruno.jobs()[0]
        time.sleep(6)  # the controller writes what it knows of a job to disk within 5 s
        for _ in range(KILLS // 3):
            part = chance.choice([name for name in parts(classroom.settings) if name != keeper.NAME])
            pid = Daemon(part, classroom.settings.state).pid()
            if pid:
                os.kill(pid, signal.SIGKILL)
            time.sleep(chance.uniform(0, 4))
        wait_for(lambda: whole.status(classroom.settings).healthy, "all parts are back", within=90)
        wait_for(lambda: answers(bruno), "the server answers")
        assert bruno.jobs() == [job]
