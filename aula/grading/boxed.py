"""A process in the sandbox, as the supervisor sees it: it is asked, and does as it likes."""

import json
import os
import select
import signal
import socket
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, cast

from aula.grading.errors import EndedError, NonsenseError, SandboxError, SlowError
from aula.grading.inside import frames, refused
from aula.grading.limits import Limits
from aula.grading.plain import plain

BEGINS_S = 120.0
"""Seconds in which a box begins; the first has to wait until everything is loaded."""
ENDS_S = 5.0
TOLD = 4000
ESCAPED = 12
"""Bytes that a character takes in an answer, at most."""
MORE = 1_000_000
"""Bytes of an answer beside what was said."""


class Boxed:
    """A student or a judge in a box of its own; it ends when it is killed, or as a context manager with the block."""

    def __init__(self, lifeline: socket.socket, control: socket.socket, limits: Limits) -> None:
        """Wait until the box has begun. Raises SandboxError where it cannot."""
        self._lifeline, self._control, self._limits = lifeline, control, limits
        self._most = limits.output_mb * 1_000_000 * ESCAPED + MORE
        lifeline.settimeout(BEGINS_S)
        try:
            told, descriptors, _, _ = socket.recv_fds(lifeline, TOLD, 1)
        except OSError as error:
            told, descriptors = json.dumps({"failed": str(error)}).encode(), []
        answer = json.loads(told or b'{"failed": "the sandbox ended"}')
        if not descriptors:
            self._close()
            raise SandboxError(f"no box can be made in the sandbox: {answer['failed']}")
        self._process: int | None = descriptors[0]
        self.has_proc: bool = answer["proc"]
        """Whether it has a folder /proc; without, its memory and time are bounded for each process alone."""
        self._end: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def ask(self, message: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Send a message and return the answer.

        Raises EndedError, SlowError or NonsenseError; it is dead after each of them.
        """
        if self._process is None:
            raise EndedError("it had been stopped before")
        try:
            return self._ask(message, timeout_s)
        except BaseException:
            self.kill()
            raise

    def _ask(self, message: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        timed = cast(socket.socket, _Timed(self._control, time.monotonic() + timeout_s))
        try:
            frames.send(timed, message)
            answer, parts = frames.receive(timed, self._most)
        except frames.ClosedError:
            raise self._ended() from None
        except refused.Refused as error:
            raise NonsenseError(f"its answer cannot be used: {error}") from None
        except _LateError:
            raise SlowError(f"it took more than {timeout_s:g} s, and was stopped") from None
        if parts:
            raise NonsenseError("its answer cannot be used: it has parts that nobody asked for")
        return cast(dict[str, Any], plain(answer))

    def end(self) -> float:
        """End it, as `kill` does, and return the processor time that it has used in seconds; 0 where nobody saw it."""
        with suppress(OSError):
            self._lifeline.shutdown(socket.SHUT_WR)
        used = self._told(ENDS_S).get("cpu_s", 0.0)
        self.kill()
        return float(used)

    @property
    def is_cut(self) -> bool:
        """Whether it was stopped because its turn was over."""
        return self._told(0).get("limit") == "turn"

    def kill(self) -> None:
        """End it, with all that it started; nothing where it has ended."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
            select.select([self._process], [], [], ENDS_S)
            os.close(self._process)
            self._process = None
        self._close()

    def _close(self) -> None:
        self._lifeline.close()
        self._control.close()

    def _ended(self) -> EndedError:
        """Return how it ended, in words."""
        told = self._told(ENDS_S)
        status, limit = told.get("status"), told.get("limit", "")
        return EndedError(_in_words(status, limit, self._limits), status, limit)

    def _told(self, timeout_s: float) -> dict[str, Any]:
        """Return what is said of its end, if anything is within a time."""
        if self._end is None:
            with suppress(OSError):
                self._lifeline.settimeout(timeout_s)
                self._end = json.loads(self._lifeline.recv(TOLD) or b"{}")
        return self._end or {}


class _LateError(Exception):
    """The time is over."""


class _Timed:
    """A socket of which all calls together take no longer than until a time."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until

    def recv(self, size: int) -> bytes:
        """Receive. Raise _LateError when the time is over."""
        self._wait()
        try:
            return self._connection.recv(size)
        except TimeoutError:
            raise _LateError from None

    def sendall(self, data: bytes) -> None:
        """Send. Raise _LateError when the time is over."""
        self._wait()
        try:
            self._connection.sendall(data)
        except TimeoutError:
            raise _LateError from None

    def _wait(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise _LateError
        self._connection.settimeout(left)


def _in_words(status: int | None, limit: str, limits: Limits) -> str:
    """Say how a process ended, to whoever wrote what ran in it."""
    words = {
        "memory": f"it used more than {limits.memory_mb} MB of memory, and was stopped",
        "cpu": f"it computed for more than {limits.cpu_s} s, and was stopped",
        "wall": f"it ran for more than {limits.wall_s} s, and was stopped",
        "turn": "it needs longer than others, who come first, and was stopped",
    }
    if limit:
        return words[limit]
    if status is None:
        return "it broke off, and was stopped"
    if status >= 0:
        return f"it ended by itself, with exit status {status}, before all its cells had run"
    if status == -signal.SIGKILL:
        return "it was killed (SIGKILL): by itself, or because the machine had no memory left"
    return f"it crashed ({signal.Signals(-status).name})"
