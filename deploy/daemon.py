"""A long-running process that we start, find again by pid and start time, and stop by pid alone."""

import contextlib
import grp
import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from deploy.errors import DaemonError

# What a daemon sees of our environment: nothing that a person exported by chance.
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Daemon:
    """A process with a pid file and a log in the state folder.

    `arguments` must keep the process in the foreground: its pid is the one that is recorded. A daemon without
    arguments can be found and stopped, not started.
    `user` is the Unix account that it runs as, in its own groups and in `groups`; `env` is all of its environment
    besides PATH and LANG.
    `version` names the code and settings that it was started from: `start` replaces one of another version.
    """

    name: str
    state: Path
    arguments: Sequence[str | Path] = ()
    user: str = "root"
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    version: str = ""
    groups: Sequence[str] = ()

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.state / "log" / f"{self.name}.log"

    @property
    def _record(self) -> Path:
        return self.state / "run" / f"{self.name}.json"

    def pid(self) -> int | None:
        """Return the pid where the process that we started still runs, else None."""
        record = self._recorded()
        pid = int(record.get("pid", 0))
        began = started_at(pid)  # None for a process that has ended, also where it had when it was recorded
        same_boot = record.get("boot", boot()) == boot()  # after a crash of the machine, pids begin anew
        return pid if same_boot and began is not None and began == record.get("started") else None

    def _recorded(self) -> dict[str, Any]:
        return recorded(self.state, self.name)

    def start(self, ready: Callable[[], bool], *, within: float = 30) -> None:
        """Start it unless this version runs, and wait until `ready`. Raise DaemonError with its log's end otherwise."""
        if self._recorded().get("version", "") != self.version:
            self.stop()
        pid = self.pid()
        if pid is None:
            self._launch()
        elif is_frozen(pid):
            os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + within
        while not ready():
            if self.pid() is None:
                raise DaemonError(
                    f"{self.name} ended right after its start. Its log, {self.log}, ends:\n{self._tail()}"
                )
            if time.monotonic() > deadline:
                raise DaemonError(f"{self.name} was not ready within {within:.0f} s. {self.log} ends:\n{self._tail()}")
            time.sleep(0.05)

    def _launch(self) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.chmod(0o700)  # logs say who signed in and what ran for whom
        account = pwd.getpwnam(self.user)
        with self.log.open("ab") as log, self._record.open("w") as record:
            subprocess.Popen(
                [str(word) for word in self.arguments],
                env={**CLEAN, "HOME": account.pw_dir, "USER": self.user, "LOGNAME": self.user, **self.env},
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[
                    *os.getgrouplist(self.user, account.pw_gid),
                    *(grp.getgrnam(name).gr_gid for name in self.groups),
                ],
                # The process writes its record itself, before it becomes the daemon: if we are killed in this very
                # moment, no daemon runs that nobody knows of.
                preexec_fn=partial(_note, record.fileno(), self.version),
            )

    def stop(self, *, within: float = 15) -> None:
        """Ask it to end, insist after `within` seconds, and forget it. Nothing happens where it is gone."""
        pid = self.pid()
        if pid is not None:
            end(pid, within=within)
        self._record.unlink(missing_ok=True)

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-15:])


def recorded(state: Path, name: str) -> dict[str, Any]:
    """Return what was noted of a daemon when it was started; nothing for one that was stopped, or never ran."""
    try:
        return dict(json.loads((state / "run" / f"{name}.json").read_text()))
    except (OSError, ValueError):
        return {}


def _note(handle: int, version: str) -> None:
    """Write the record of the process that this runs in."""
    record = {"pid": os.getpid(), "started": started_at(os.getpid()), "boot": boot(), "version": version}
    os.write(handle, json.dumps(record).encode())


def boot() -> str:
    """Return what names this run of the machine's kernel."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def started_at(pid: int) -> int | None:
    """Return a process's start time in clock ticks, which tells it from a later one of the same pid."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def is_frozen(pid: int) -> bool:
    """Whether a process was stopped half-way, as by SIGSTOP or a debugger: it is there and does nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("T", "t")
    except OSError:
        return False


def end(pid: int, *, within: float) -> None:
    """Send SIGTERM, then SIGKILL, to one process, and wait until it is gone."""
    began = started_at(pid)
    for number, patience in ((signal.SIGTERM, within), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + patience
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)  # or one that was stopped half-way would never hear of it
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # ours only where this very process started it
            if began is None or started_at(pid) != began:
                return
            time.sleep(0.05)
    raise DaemonError(f"Process {pid} did not end. Look at it with: ps -fp {pid}")
