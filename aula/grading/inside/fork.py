"""A fork of the zygote: three processes, of which only the last runs anybody else's code.

The outer one stays where the zygote is, watches, and tells how it ended. The middle one is the first process of the
box: all others end with it. The inner one is the student or the judge.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from . import box, given, system, usage

LOOKS_S = 0.1
"""Seconds between two looks at what a box uses."""
MOST = 4000
Act = Callable[[socket.socket, socket.socket, dict[str, Any]], None]


def become(request: dict[str, Any], lifeline: socket.socket, others: list[int], act: Act) -> NoReturn:
    """Be the outer process: have `act` run in a box, with the control and line sockets and the request.

    Whoever holds the other end of the lifeline is told the process, and how it ended; the box ends when they let go.
    `others` are the descriptors of the two sockets and, where files are given, of their folder.
    """
    status = 1
    try:
        os.setsid()
        gc.enable()
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        box.close_all_but({lifeline.fileno(), *others})
        _Outer(request, lifeline, others).run(act)
        status = 0
    except (OSError, given.GivenError) as error:
        with suppress(OSError):
            lifeline.send(json.dumps({"failed": str(error)}).encode())
    finally:
        os._exit(status)


class _Outer:
    """The outer process: it watches the box, and is not to be seen from there."""

    def __init__(self, request: dict[str, Any], lifeline: socket.socket, others: list[int]) -> None:
        self._request, self._lifeline, self._others = request, lifeline, others
        self._limits: dict[str, int] = request["limits"]
        self._base = usage.own_memory()

    def run(self, act: Act) -> None:
        """Begin the box; watch it until it has ended; tell how. Raise OSError where it cannot begin."""
        box.leave()
        told, tell = os.pipe()
        first = os.fork()
        if not first:
            os.close(told)
            self._lifeline.close()
            _first(self._request, tell, self._others, act)
        for one in (tell, *self._others):
            os.close(one)
        begun = json.loads(os.read(told, MOST) or b'{"failed": "the box ended while it was made"}')
        if "failed" in begun:
            raise OSError(begun["failed"])
        proc = os.open("/proc", os.O_RDONLY) if begun["proc"] else None
        system.drop_rights()
        system.prctl(system.DIES_WITH_PARENT, signal.SIGKILL)
        process = os.pidfd_open(os.getpid())
        said = json.dumps({"pid": os.getpid(), "proc": begun["proc"]}).encode()
        socket.send_fds(self._lifeline, [said], [process])
        limit = self._watch(told, proc)
        used_s = self._used_s(proc)
        if limit == "turn":  # told before it is stopped: who finds it gone must find the reason too
            self._say({"status": None, "limit": limit, "cpu_s": used_s})
        with suppress(ProcessLookupError):
            os.kill(first, signal.SIGKILL)
        used = os.wait4(first, 0)[2]
        status = int(os.read(told, MOST) or b"-9")
        cpu_s = max(used.ru_utime + used.ru_stime, used_s)
        if not limit and (status == -signal.SIGXCPU or (status == -signal.SIGKILL and cpu_s >= self._limits["cpu_s"])):
            limit = "cpu"
        self._say({"status": status, "limit": limit, "memory_mb": used.ru_maxrss // 1024, "cpu_s": cpu_s})

    def _say(self, ended: dict[str, Any]) -> None:
        """Tell how it ended."""
        with suppress(OSError):  # whoever asked may have gone
            self._lifeline.send(json.dumps(ended).encode())

    def _used_s(self, proc: int | None) -> float:
        """Return the processor time that all its processes have used; 0 where that is not to be seen."""
        with suppress(OSError):  # all of it is gone
            return usage.now(proc, sys.maxsize).cpu_s if proc is not None else 0.0
        return 0.0

    def _watch(self, told: int, proc: int | None) -> str:
        """Wait until the box ends, or whoever asked for it goes, or it is over a limit: return which."""
        begins = time.monotonic()
        most = self._base + self._limits["memory_mb"] * box.MB
        turn_s, turn_wall_s = (self._limits[name] or sys.maxsize for name in ("turn_s", "turn_wall_s"))
        heard = [told, self._lifeline.fileno()]
        while not select.select(heard, [], [], LOOKS_S)[0]:
            for_s = time.monotonic() - begins
            if for_s > self._limits["wall_s"]:
                return "wall"
            if for_s > turn_wall_s:
                return "turn"
            if proc is None:
                continue
            used = usage.now(proc, most)
            if used.memory > most:
                return "memory"
            if used.cpu_s > self._limits["cpu_s"]:
                return "cpu"
            if used.cpu_s > turn_s:
                return "turn"
        return ""


def _first(request: dict[str, Any], tell: int, others: list[int], act: Act) -> NoReturn:
    """Be the first process of the box: make it, begin the inner one, and end with it."""
    try:
        system.prctl(system.DIES_WITH_PARENT, signal.SIGKILL)
        control, line, *files = others
        box.bound(request["limits"])
        has_proc = box.furnish(request["limits"], files[0] if files else None)
        for one in files:
            os.close(one)
        system.prctl(system.DUMPABLE, 0)  # the inner one is no less than this one: it must not look into it
        box.lock()
        os.write(tell, json.dumps({"proc": has_proc}).encode())
        inner = os.fork()
        if not inner:
            os.close(tell)
            system.prctl(system.DUMPABLE, 1)
            _inner(request, socket.socket(fileno=control), socket.socket(fileno=line), act)
        os.close(control)
        os.close(line)
        while (ended := os.wait())[0] != inner:
            pass
        os.write(tell, str(os.waitstatus_to_exitcode(ended[1])).encode())
    except (OSError, given.GivenError) as error:
        with suppress(OSError):
            os.write(tell, json.dumps({"failed": str(error)}).encode())
    finally:
        os._exit(0)


def _inner(request: dict[str, Any], control: socket.socket, line: socket.socket, act: Act) -> NoReturn:
    """Be the student or the judge, with no way to anything but the two sockets."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.close(nothing)
        act(control, line, request)
        status = 0
    finally:
        os._exit(status)
