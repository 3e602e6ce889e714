"""What a submission may use, and how its end is told: each is tried as a cell."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aula.grading.errors import EndedError, SlowError
from aula.grading.limits import Limits
from aula.grading.sandbox import Sandbox
from tests.aula.grading.conftest import Begin
from tests.aula.grading.said import run, said

SMALL = Limits(cpu_s=20, wall_s=30, memory_mb=400, processes=30, file_mb=50, output_mb=2)
ENDING = {
    "os._exit(0)": ("import os; os._exit(0)", 0, "by itself, with exit status 0"),
    "exit()": ("exit()", 0, "by itself"),
    "kill(1)": ("!kill -9 $PPID\nimport os; os.kill(os.getpid(), 9)", -9, "SIGKILL"),
    "kill of the first": ("import os; os.kill(1, 9); os.kill(os.getpid(), 15)", -15, "SIGTERM"),
    "a crash": ("import ctypes; ctypes.string_at(0)", -11, "SIGSEGV"),
    "an abort": ("import os; os.abort()", -6, "SIGABRT"),
    "its sockets closed": ("import os; os.closerange(3, 200)", None, None),
}


@pytest.mark.parametrize("attack", ENDING)
def test_an_end_is_told_as_such(begin: Begin, attack: str) -> None:
    """A student that ends, however, is told with its status and in words."""
    source, status, words = ENDING[attack]
    student = begin(limits=replace(SMALL, wall_s=5))
    with pytest.raises(EndedError, match=words) as caught:
        run(student, source)
    assert status is None or caught.value.status == status


DEAF = "import signal, faulthandler\nfor one in (2, 15, 24, 1, 14): signal.signal(one, signal.SIG_IGN)\n"
STUBBORN = """
def go():
    while True:
        try:
            while True: pass
        except BaseException: pass
go()
"""
HUNGRY = """
import os, time
for _ in range(4):
    if not os.fork():
        taken = bytearray(150_000_000)
        time.sleep(60)
os.wait()
"""
OVER = {
    "a loop": ("while True: pass", {"cpu_s": 1}, "cpu"),
    "a loop deaf to signals": (DEAF + "while True: pass", {"cpu_s": 1}, "cpu"),
    "a loop that catches all": (STUBBORN, {"cpu_s": 1}, "cpu"),
    "loops in children": (
        DEAF + "import os\nfor _ in range(3):\n    if not os.fork():\n        while True: pass\nos.wait()",
        {"cpu_s": 2},
        "cpu",
    ),
    "sleep": (DEAF + "import time; time.sleep(60)", {"wall_s": 1}, "wall"),
    "stopped": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", {"wall_s": 1}, "wall"),
    "memory of children": (HUNGRY, {}, "memory"),
    "a turn": (DEAF + "while True: pass", {"turn_s": 0.5}, "turn"),
    "a turn of children": ("import os\nif not os.fork():\n    while True: pass\nos.wait()", {"turn_s": 0.5}, "turn"),
    "a turn asleep": (DEAF + "import time; time.sleep(60)", {"turn_wall_s": 1.0}, "turn"),
}


@pytest.mark.parametrize("attack", OVER)
def test_who_is_over_a_limit_is_killed(begin: Begin, attack: str) -> None:
    """Time and memory are bounded for all processes of a student together; the reason names the limit."""
    source, limits, limit = OVER[attack]
    student = begin(limits=replace(SMALL, **limits))
    started = time.monotonic()
    with pytest.raises(EndedError, match="was stopped") as caught:
        run(student, source)
    assert caught.value.limit == limit
    assert time.monotonic() - started < 25


def test_whose_turn_is_over_is_known_without_asking(students: Sandbox) -> None:
    """Who finds a student gone, as its judge does, can tell why: it is told before the student is stopped."""
    ours, theirs = socket.socketpair()
    limits = replace(SMALL, turn_wall_s=0.3)
    with ours, students.student(None, limits, theirs, 0) as student:
        assert not student.is_cut
        ours.settimeout(10)
        assert ours.recv(1) == b""
        assert student.is_cut


def test_what_it_has_used_is_told_at_its_end(begin: Begin) -> None:
    """The processor time of a student that nothing was wrong with is known when it is ended."""
    student = begin(limits=SMALL)
    run(student, "import time\nwhile time.process_time() < 0.5: pass")
    assert 0.4 < student.end() < 5


def test_a_slow_answer_ends_at_the_supervisors_clock(begin: Begin) -> None:
    """Who does not answer in time is killed, whatever its own limits are."""
    student = begin()
    with pytest.raises(SlowError, match=r"more than 0.5 s"):
        run(student, DEAF + "import time\nwhile True: time.sleep(1)", 0.5)
    with pytest.raises(EndedError):
        run(student, "1")


def test_much_memory_is_an_error_in_the_cell(begin: Begin) -> None:
    """Who asks for 2 GB reads a MemoryError, and can go on."""
    student = begin(limits=SMALL)
    assert "MemoryError" in said(student, "x = bytearray(2_000_000_000)")
    assert "MemoryError" in said(student, "import numpy; numpy.ones(250_000_000)")
    assert said(student, "print(1)") == "1\n"


BOMB = """
import os, time
begun = 0
try:
    for _ in range(300):
        if not os.fork():
            time.sleep(60)
        begun += 1
except BlockingIOError:
    pass
print(begun)
"""


def test_a_fork_bomb_hinders_nobody_else(begin: Begin) -> None:
    """300 processes are not had; another student of the same zygote begins as many as it may meanwhile."""
    bomb, honest = begin(limits=SMALL), begin(limits=SMALL)
    begun = int(said(bomb, BOMB))
    assert 20 <= begun <= SMALL.processes
    assert said(honest, "from multiprocessing import Pool\nwith Pool(8) as pool: print(pool.map(abs, [-1]))") == "[1]\n"
    assert said(begin(limits=SMALL), "print(1)") == "1\n"


def test_files_are_bounded(begin: Begin) -> None:
    """A file of 1 GB is not had, nor many that are as large together, wherever they lie."""
    student = begin(limits=SMALL)
    large = "with open('large', 'wb') as file:\n    for _ in range(1000): file.write(bytes(1_000_000))"
    assert "OSError" in said(student, large)
    many = "for n in range(100):\n    open(f'/dev/shm/{n}', 'wb').write(bytes(1_000_000))"
    assert "OSError" in said(student, many)
    assert int(said(student, "!du -sm /tmp | cut -f1").split()[0]) <= SMALL.file_mb + 1
    assert "OSError" in said(student, "import os\nfor n in range(100_000): os.mknod(f'/tmp/home/{n}')")


OUTPUTS = {
    "prints": "for _ in range(300): print('x' * 1_000_000)",
    "one print": "print('x' * 300_000_000)",
    "prints that go on": "for _ in range(300):\n    try: print('x' * 10**6)\n    except RuntimeError: pass\nprint('x')",
    "a program's": "!head -c 300000000 /dev/zero",
    "descriptors": "import os\nfor _ in range(40): os.write(1, b'x' * 1_000_000)",
    "displays": "from IPython.display import HTML\nfor _ in range(300): display(HTML('x' * 1_000_000))",
    "a result": "from IPython.display import HTML\nHTML('x' * 300_000_000)",
    "an error": "raise ValueError('x' * 300_000_000 + 'MB')",
}


@pytest.mark.parametrize("attack", OUTPUTS)
def test_outputs_are_bounded(begin: Begin, attack: str) -> None:
    """300 MB of output do not arrive: the cell ends with the reason, and the student goes on."""
    student = begin(limits=replace(SMALL, memory_mb=2000))
    answer = run(student, OUTPUTS[attack])
    assert answer["failed"]
    assert sum(map(size, answer["outputs"])) <= SMALL.output_mb * 1_000_000 + 10_000
    if attack != "an error":
        assert "MB" in answer["outputs"][-1]["evalue"]
    assert not run(student, "1")["failed"]


def size(output: dict[str, Any]) -> int:
    """Return how many characters an output has."""
    return len(output.get("text", "")) + sum(map(len, [*output.get("traceback", []), *output.get("data", {}).values()]))


OUTLIVING = """
import os, signal
if os.fork():
    raise SystemExit
os.setsid()
for one in set(range(1, 30)) - {9, 19}:
    signal.signal(one, signal.SIG_IGN)
"""


def test_what_outlives_the_end_is_killed(begin: Begin) -> None:
    """A process that leaves its session and ignores signals ends with its student."""
    student = begin()
    seconds = f"9{os.getpid()}.{time.monotonic_ns()}"
    said(student, OUTLIVING + f"os.execlp('sleep', 'sleep', '{seconds}')")
    wait_until(lambda: running(seconds))
    with pytest.raises(EndedError):
        run(student, "import os; os._exit(0)")
    wait_until(lambda: not running(seconds))


def running(word: str) -> bool:
    """Whether a program runs on this machine that was given a word."""
    found = False
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found = found or word.encode() in one.read_bytes()
    return found


def wait_until(what: Callable[[], bool]) -> None:
    """Wait until something is so; fail after some seconds."""
    ends = time.monotonic() + 5
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.02)
