"""The machine lost from one moment to the next: what a power cut, or a killed `make up`, leaves behind."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

from deploy import keeper, network
from deploy.classroom import classroom as whole
from deploy.daemon import Daemon
from deploy.settings import Settings
from deploy.slurm import cgroups


def parts(settings: Settings) -> list[str]:
    """Return the names of everything that runs, the keeper first: it would start the others again."""
    running = [name for name, runs in whole.status(settings).parts.items() if runs and name != "address"]
    return [keeper.NAME, *(name for name in running if name != keeper.NAME)]


def cut_power(settings: Settings) -> None:
    """End every process at once and take what lives in memory alone; the disk stays as it was in that moment."""
    for name in parts(settings):
        _kill(Daemon(name, settings.state).pid())
    for pid in cgroups.processes(settings):
        _kill(pid)
    cgroups.down(settings)
    network.down(settings)
    for record in (settings.state / "run").glob("*.json"):
        _boot_anew(record)


def _kill(pid: int | None) -> None:
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _boot_anew(record: Path) -> None:
    """Let a daemon's record be of an earlier boot, and its pid one that a stranger has now: ours."""
    found = json.loads(record.read_text())
    record.write_text(json.dumps({**found, "boot": "an earlier one", "pid": os.getpid()}))
