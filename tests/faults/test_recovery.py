"""`make up` heals whatever a crash of the machine, a killed run or a half-removed network has left."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy import accounts, network
from deploy.classroom import classroom as whole
from deploy.classroom import hub
from deploy.command import run
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.faults.crash import cut_power, parts
from tests.faults.stranger import other_slurm
from tests.integration.person import alone, wait_for

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

# Slurm misses no job on its node in its first 20 s (BatchStartTimeout and 10 s for a message): no machine is up sooner.
OLD_ENOUGH_S = 22


def up_until(classroom: Classroom, words: str) -> None:
    """Run `make up` and kill it, with every command that it runs, right after the step with these words."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy", "up"],
        cwd=CHECKOUT,
        env={**os.environ, **classroom.settings.environment_variables, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        seen = any(words in line for line in process.stdout)
        os.killpg(process.pid, signal.SIGKILL)
    assert seen, f"make up ended before it said: {words}"


def test_the_machine_lost_power(classroom: Classroom) -> None:
    """Power is cut while a server runs, and `make up` is killed twice: the next one brings all of it back."""
    settings = classroom.settings
    with alone(classroom, "bruno") as bruno:
        bruno.start()
        saved = accounts.home(settings, bruno.name) / "saved.txt"
        saved.write_text("before the power was cut\n")
        time.sleep(OLD_ENOUGH_S)
        cut_power(settings)

        after = whole.status(settings)
        assert not after.healthy
        assert not any(after.parts.values()), after.parts

        up_until(classroom, "Munge and MariaDB")
        up_until(classroom, "People")
        assert whole.up(settings).healthy
        assert saved.read_text() == "before the power was cut\n"
    with alone(classroom, "bruno") as bruno:
        bruno.start()
        assert bruno.at_server("api/status").status_code == 200


def test_a_network_that_is_half_there(classroom: Classroom) -> None:
    """Half of each link is gone, a namespace is an empty name, the bridge has lost its address: `up` mends them."""
    settings = classroom.settings
    first, second = network.nodes(settings)[:2]
    classroom.stop(*parts(settings))
    run(["ip", "netns", "delete", first.name])
    Path("/run/netns", first.name).touch()
    run(["ip", "-n", second.name, "link", "delete", "eth0"])
    run(["ip", "address", "flush", "dev", network.bridge(settings)])
    run(["ip", "link", "set", network.bridge(settings), "down"])
    assert whole.up(settings).healthy
    assert classroom.slurm("srun", "--quiet", "--nodes=2", "hostname").split()


def test_files_cut_short(classroom: Classroom) -> None:
    """Files that were being written when the machine died are empty or cut: they are written anew, or told."""
    settings = classroom.settings
    classroom.stop(*parts(settings))
    for path in (settings.state / "slurm" / "slurm.conf", hub.daemon(settings).cwd / "settings.json"):
        path.write_bytes(path.read_bytes()[:100])
    shutil.rmtree(settings.state / "slurm" / "run")
    for record in ("hub", "slurmctld"):
        (settings.state / "run" / f"{record}.json").write_text('{"pid": ')
    assert whole.up(settings).healthy


def test_another_slurm_on_the_machine(classroom: Classroom, tmp_path: Path) -> None:
    """A Slurm of somebody else's, with nodes of the same names, is left alone by `down` and `up`."""
    settings = classroom.settings
    with other_slurm(tmp_path, [node.name for node in network.nodes(settings)]) as other:
        whole.down(settings)
        assert other.answers()
        assert whole.up(settings).healthy
        assert other.answers()
        wait_for(lambda: classroom.slurm("srun", "--quiet", "hostname"), "our own Slurm works beside it")
