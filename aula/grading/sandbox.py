"""The sandbox: a zygote in bubblewrap, asked for students and judges, of which none sees the machine or another."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, Literal

from aula.grading import bubble
from aula.grading.boxed import Boxed
from aula.grading.errors import GradingError, SandboxError
from aula.grading.limits import Limits

Role = Literal["student", "judge", "trial"]
USERS = range(64_000, 65_000)
"""Where root starts a sandbox: accounts that nobody has. Each sandbox gets another."""
LEAVES_S = 10
SAID = 2000
TRIES_S = 10.0
SWITCHES = (  # what a site may have forbidden, and what to ask for
    ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=15000"),
    ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "an AppArmor profile that lets /usr/bin/bwrap make user namespaces",
    ),
)
_started = count()


class Sandbox:
    """A running zygote."""

    def __init__(self, door: socket.socket, role: Role, said: IO[bytes], user: int | None) -> None:
        self._door, self._role, self._said, self._user = door, role, said, user

    def own(self, folder: Path) -> None:
        """Let a folder with all that is in it be the sandbox's, which root's is not; nothing where we are not root."""
        if self._user is not None:
            for where, _, names in os.walk(folder):
                for path in (Path(where), *(Path(where, name) for name in names)):
                    os.chown(path, self._user, self._user, follow_symlinks=False)

    def student(self, files: Path | None, limits: Limits, line: socket.socket, seed: int) -> Boxed:
        """Return a student that has a copy of the folder's files; the line is its end to the judge, closed here.

        Raises SandboxError where none can be made.
        """
        if files is None:
            return self._box(limits, line, seed, [])
        folder = os.open(files, os.O_RDONLY | os.O_DIRECTORY)
        try:
            return self._box(limits, line, seed, [folder])
        finally:
            os.close(folder)

    def judge(self, limits: Limits, line: socket.socket, seed: int) -> Boxed:
        """Return a judge; the line is its end to the student, closed here. Raises SandboxError."""
        return self._box(limits, line, seed, [])

    def _box(self, limits: Limits, line: socket.socket, seed: int, files: list[int]) -> Boxed:
        lifeline, its_lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control, its_control = socket.socketpair()
        request = json.dumps({"role": self._role, "limits": limits.told(), "seed": seed}).encode()
        with its_lifeline, its_control, line:
            given = [its_lifeline.fileno(), its_control.fileno(), line.fileno(), *files]
            try:
                socket.send_fds(self._door, [request], given)
            except OSError:
                lifeline.close()
                control.close()
                raise SandboxError(f"the sandbox has ended: {_end(self._said)}") from None
        try:
            return Boxed(lifeline, control, limits)
        except SandboxError as error:
            raise SandboxError(f"{error}. {_end(self._said)}".strip()) from None


@contextmanager
def sandbox(python: Path, modules: Iterable[str], role: Role) -> Iterator[Sandbox]:
    """Run a zygote of an interpreter with these modules loaded; all its boxes end with the block.

    It need not be ready: the first box waits until it is. The thread that enters must stay. Raises SandboxError where
    there is no bubblewrap, or the interpreter lies where the sandbox has something of its own.
    """
    if not shutil.which(bubble.BWRAP):
        raise SandboxError("there is no bwrap on this machine: install the package bubblewrap")
    door, its_door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    user = USERS[(os.getpid() + next(_started)) % len(USERS)] if os.geteuid() == 0 else None
    with door, tempfile.TemporaryFile() as said, tempfile.TemporaryDirectory(prefix="aula-") as folder:
        inside = Path(folder, "inside")  # a copy that the sandbox's account can read, wherever ours lies
        shutil.copytree(bubble.INSIDE, inside, ignore=shutil.ignore_patterns("__pycache__"))
        for one in (Path(folder), inside):
            one.chmod(0o755)
        with its_door:
            process = subprocess.Popen(
                bubble.command(python, inside, [str(its_door.fileno()), role, *modules]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={"PATH": os.environ.get("PATH", os.defpath)},
                cwd="/",
                pass_fds=[its_door.fileno()],
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        try:
            yield Sandbox(door, role, said, user)
        finally:
            door.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(LEAVES_S)
            process.kill()
            process.wait()


def possible() -> str:
    """Say what this machine must be made to permit before anything can be graded on it; "" where it can."""
    line, other = socket.socketpair()
    limits = replace(Limits(), wall_s=int(TRIES_S))
    try:
        with other, sandbox(Path(sys.executable), [], "trial") as one, one.student(None, limits, line, 0) as trial:
            trial.ask({}, TRIES_S)
    except GradingError as error:
        return f"Submissions cannot be graded here. {error}{_remedy()}"
    finally:
        line.close()
    return ""


def _remedy() -> str:
    for name, bad, remedy in SWITCHES:
        with suppress(OSError):
            if Path("/proc/sys", name).read_text(encoding="ascii").strip() == bad:
                return f". Users may not make namespaces: ask the site for {remedy}"
    return ""


def _end(said: IO[bytes]) -> str:
    """Return the end of what the sandbox said about itself."""
    with suppress(ValueError):  # it is closed with the sandbox
        said.seek(0)
        return said.read().decode(errors="replace")[-SAID:].strip()
    return "its block is over"
