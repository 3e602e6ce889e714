"""Forks kernels. Python and the libraries that notebooks import are loaded once; a kernel begins as a copy of that.

The kernel's own interpreter runs this file: ``python zygote.py LISTENING_FD``, and tells it on a line of standard input
which modules to load, as a JSON list. That interpreter need not have aula, so there is only the standard library here,
and what is to be loaded. It ends when its standard input does.

Whoever connects sends one JSON object, and gets a process and a descriptor of it; later its exit status, the most
memory it had and the processor time it took. When the connection ends, so does the kernel, with all that it started.
"""

import atexit
import gc
import importlib.util
import io
import json
import os
import resource
import selectors
import signal
import socket
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, NoReturn

KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger")
BESIDE = {"matplotlib": ("matplotlib.backends.backend_agg",), "torch": ("torch._dynamo",)}
"""What a package loads late: matplotlib when it draws, torch for its first optimizer.

What shows figures in a notebook looks for its kernel as it is imported: not here.
"""
MOST = 1_000_000
"""Bytes of a request."""
ANSWERS_S = 1.0
"""Seconds that a kernel may take for its last answer."""
PRINTED = 16_000_000
"""Characters that a notebook may print: whoever reads them keeps them in memory, and then in a file."""


def load(names: list[str]) -> list[str]:
    """Import modules; return those whose import says something, which a copy could not say again."""
    talking = []
    for name in names:
        said, before = io.StringIO(), warnings.showwarning
        warnings.showwarning = lambda *_, said=said, **__: said.write("a warning")
        try:
            # Whatever is wrong with a module: the notebook that imports it will say so.
            with redirect_stdout(said), redirect_stderr(said), suppress(Exception):
                importlib.import_module(name)
        finally:
            warnings.showwarning = before
        if said.getvalue():
            talking.append(name)
    return talking


class Zygote:
    """The process that kernels are copied from; each has the variables that loading a kernel sets."""

    def __init__(self, listener: socket.socket, variables: dict[str, str]) -> None:
        self._listener, self._variables = listener, variables
        self._asked: set[socket.socket] = set()
        self._kernels: dict[int, socket.socket] = {}
        self._ended, self._signalled = socket.socketpair()
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Fork a kernel for whoever asks, until whoever started this ends."""
        self._ended.setblocking(False)
        self._signalled.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._signalled.fileno())
        for source in (sys.stdin, self._listener, self._ended):
            self._selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                asker: Any = key.fileobj
                if asker is sys.stdin:
                    for pid in self._kernels:
                        _kill(pid)
                    return
                if asker is self._listener:
                    self._asked.add(new := self._listener.accept()[0])
                    self._selector.register(new, selectors.EVENT_READ)
                elif asker is self._ended:
                    with suppress(BlockingIOError):
                        self._ended.recv(MOST)
                    self._reap()
                else:
                    self._answer(asker)

    def _answer(self, asker: socket.socket) -> None:
        """Fork the kernel that is asked for; end the one of an asker who has gone."""
        try:
            request = asker.recv(MOST)
        except OSError:
            request = b""
        if request:
            pid = os.fork() or self._become(json.loads(request))
            self._kernels[pid] = asker
            descriptor = os.pidfd_open(pid)
            with suppress(OSError):  # whoever asked may have gone
                socket.send_fds(asker, [json.dumps({"pid": pid}).encode()], [descriptor])
            os.close(descriptor)
        else:
            for pid in [pid for pid, one in self._kernels.items() if one is asker]:
                _kill(pid)
            self._forget(asker)

    def _reap(self) -> None:
        """Tell those whose kernels have ended how."""
        while self._kernels:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            asker = self._kernels.pop(pid)
            cpu_s = round(used.ru_utime + used.ru_stime, 3)
            told = {"status": os.waitstatus_to_exitcode(status), "memory_mb": used.ru_maxrss // 1024, "cpu_s": cpu_s}
            with suppress(OSError):
                asker.send(json.dumps(told).encode())

    def _forget(self, asker: socket.socket) -> None:
        self._selector.unregister(asker)
        self._asked.discard(asker)
        asker.close()

    def _become(self, request: dict[str, Any]) -> NoReturn:
        """Be the kernel: a process of its own that looks as if it had been started as usual."""
        status = 1
        try:
            os.setsid()
            gc.enable()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._selector.close()
            for one in (self._listener, self._ended, self._signalled, *self._asked):
                one.close()
            with open(os.devnull) as nothing:  # noqa: PTH123  a descriptor is what counts
                os.dup2(nothing.fileno(), 0)
            os.chdir(request["folder"])
            os.environ.clear()
            os.environ.update({**self._variables, **request["environment"]}, JPY_PARENT_PID=str(os.getppid()))
            if request["memory"]:
                resource.setrlimit(resource.RLIMIT_DATA, (request["memory"], request["memory"]))
            name, *rest = request["arguments"]
            spec = importlib.util.find_spec(name)
            sys.argv = [spec.origin if spec and spec.origin else name, *rest]
            _bound_printing()
            status = _run()
        finally:
            os._exit(status)


def _run() -> int:
    """Run the kernel until it ends, and what it has left for its end; return its exit status."""
    atexit._clear()  # what was registered before the copy is not the copy's to do
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # else all kernels would draw the same
    if torch := sys.modules.get("torch"):
        torch.seed()
    program = importlib.import_module("ipykernel.kernelapp")
    try:
        program.launch_new_instance()
        # It still answers the request to end: closed under it, its sockets would hold it for seconds.
        program.IPKernelApp.instance().control_thread.join(ANSWERS_S)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
    return 0


def _bound_printing() -> None:
    """Let a notebook that prints without end fail at the cell that does."""
    stream = importlib.import_module("ipykernel.iostream").OutStream
    write, left = stream.write, PRINTED

    def bounded(self: Any, text: str) -> Any:
        nonlocal left
        left -= len(text) if isinstance(text, str) else 0
        if left < 0:
            raise RuntimeError(f"the notebook prints more than {PRINTED // 1_000_000} MB: print less, or to a file")
        return write(self, text)

    stream.write = bounded


def _kill(pid: int) -> None:
    """End a kernel and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Load, and serve."""
    gc.disable()  # while all that is loaded stays, looking for circles in it is in vain
    descriptor, *told = sys.argv[1:]
    del sys.path[0]  # this file's folder, which no kernel sees
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    # As every kernel does for itself, later than here.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    before = dict(os.environ)
    load([*KERNEL])
    variables = {name: value for name, value in os.environ.items() if before.get(name) != value}
    names = json.loads(told[0] if told else sys.stdin.readline() or "[]")
    packages = {name.partition(".")[0] for name in names}
    beside = [module for package, modules in BESIDE.items() if package in packages for module in modules]
    if talking := load([*names, *beside]):
        quiet = [name for name in names if name not in talking]
        if quiet != names:
            os.set_inheritable(int(descriptor), True)
            again = [sys.executable, __file__, descriptor, json.dumps(quiet)]
            os.execve(sys.executable, again, before)  # noqa: S606  itself, anew
    gc.freeze()
    Zygote(socket.socket(fileno=int(descriptor)), variables).serve()
    os._exit(0)  # nothing is left to be done, and tidying up all libraries takes a while


if __name__ == "__main__":
    main()
