"""Forks a student and a judge, with no sandbox, for the tests: run by the interpreter of torch's environment, which has
all that the others have.

``python twins.py FOLDER`` with the folder of the package ``inside``. Each line of standard input is a request:
``{"begin": {…}, "steps": [["run" | "test", source], …]}``; each line of standard output the answers.
"""

import contextlib
import json
import linecache
import os
import select
import socket
import sys
import traceback
import types
from collections.abc import Callable

sys.path.insert(0, sys.argv[1])

import numpy  # noqa: F401  loaded before the fork
import pandas  # noqa: F401  likewise
from inside import answering, frames, judge

MOST = 64_000_000


def student(control: socket.socket, line: socket.socket) -> None:
    """Run cells, and answer the judge between them."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    answers = answering.Answering(line, vars(main))
    count = 0
    while True:
        ready = select.select([control, line], [], [])[0]
        if line in ready and not answers.answer():
            return
        if control not in ready:
            continue
        message, _ = frames.receive(control, MOST)
        if message["do"] == "end":
            return
        count += 1
        name = f"<cell {count}>"
        linecache.cache[name] = (0, None, message["source"].splitlines(keepends=True), name)
        try:
            exec(compile(message["source"], name, "exec"), vars(main))  # noqa: S102  a submission of the tests
            failed = ""
        except Exception:  # noqa: BLE001  it is told
            failed = traceback.format_exc()
        frames.send(control, {"failed": failed})


def child(role: Callable[[], None], *others: socket.socket) -> int:
    """Fork one of the two; what it prints is nobody's."""
    if pid := os.fork():
        return pid
    try:
        for one in others:
            one.close()
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        with contextlib.suppress(frames.ClosedError):  # the supervisor has ended it
            role()
    except BaseException:  # noqa: BLE001  it is printed
        traceback.print_exc()
    finally:
        os._exit(0)


def answered(request: dict) -> list:
    """Return the answers to begin and to each step."""
    line = socket.socketpair()
    controls = [socket.socketpair(), socket.socketpair()]
    ours, theirs = [one[0] for one in controls], [one[1] for one in controls]
    pids = [
        child(lambda: student(theirs[0], line[0]), line[1], theirs[1], *ours),
        child(lambda: judge.serve(theirs[1], line[1]), line[0], theirs[0], *ours),
    ]
    for one in (*line, *theirs):
        one.close()
    answers = []
    request["begin"].setdefault("submission", [what for do, what in request["steps"] if do == "run"])
    try:
        for do, what in [("begin", request["begin"]), *request["steps"]]:
            one = ours[0] if do == "run" else ours[1]
            frames.send(one, {"do": do, **(what if do == "begin" else {"source": what})})
            one.settimeout(request.get("seconds", 60))
            try:
                answers.append(frames.receive(one, MOST)[0])
            except frames.ClosedError as error:
                answers.append({"gone": str(error)})
    finally:
        for one in ours:
            one.close()
        for pid in pids:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
    return answers


for asked in sys.stdin:
    print(json.dumps(answered(json.loads(asked))), flush=True)
