"""A kernel that a zygote forked, for those who would have started it as a process of their own."""

import json
import os
import select
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from aula.errors import RunError

STATUS_S = 2.0
"""Seconds after a kernel's end within which the zygote tells its exit status."""


class Forked:
    """A kernel's process, with what jupyter_client asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(
        self, zygote: Path, arguments: Sequence[str], *, folder: str, environment: Mapping[str, str], memory: int = 0
    ) -> None:
        """Ask the zygote at a socket for a kernel. `memory` is the most bytes it may hold, 0 for any.

        Raises RunError where the zygote is gone.
        """
        wish = {"arguments": list(arguments), "folder": folder, "environment": dict(environment), "memory": memory}
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._line.connect(str(zygote))
            self._line.send(json.dumps(wish).encode())
            answer, descriptors, _, _ = socket.recv_fds(self._line, 100, 1)
        except OSError as error:
            self._line.close()
            raise RunError(f"the zygote at {zygote} does not answer: {error}") from error
        if not descriptors:
            self._line.close()
            raise RunError(f"the zygote at {zygote} ended")
        self.pid, self._process = int(json.loads(answer)["pid"]), descriptors[0]
        self.returncode: int | None = None
        self.memory_mb, self.cpu_s = 0, 0.0  # the most memory it had, its processor time: known once it has ended

    def poll(self) -> int | None:
        """Return the exit status; None while the kernel runs."""
        if self.returncode is None and self._ended(0):
            self.returncode = self._status()
            os.close(self._process)
            self._line.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until the kernel has ended, or for some seconds; return the exit status."""
        if self.returncode is None:
            self._ended(timeout)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel's process; nothing where it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._process, signal.Signals(number))

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> bool:
        return bool(select.select([self._process], [], [], timeout)[0])

    def _status(self) -> int:
        """Return what the zygote says of the end; -9 where the zygote has ended too, which kills its kernels."""
        self._line.settimeout(STATUS_S)
        try:
            told = json.loads(self._line.recv(100) or b"{}")
        except OSError:
            told = {}
        self.memory_mb, self.cpu_s = told.get("memory_mb", 0), told.get("cpu_s", 0.0)
        return int(told.get("status", -9))
