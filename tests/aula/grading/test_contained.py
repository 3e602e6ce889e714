"""What a submission tries, and what it gets: each attack runs as a cell, and prints what it could reach."""

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aula.grading.errors import EndedError, NonsenseError, SlowError
from aula.grading.limits import Limits
from tests.aula.grading.conftest import Begin
from tests.aula.grading.said import run, said

SECRET = "the-secret-of-the-supervisor"
SMALL = Limits(cpu_s=20, wall_s=30, memory_mb=400, processes=30, file_mb=50, output_mb=2)
TRY = """
def reach(what, *words, **names):
    try:
        print("reached", what(*words, **names))
    except BaseException as error:
        print("refused", type(error).__name__)
import ctypes, os, socket, signal
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
def call(*words):
    result = libc.syscall(*map(ctypes.c_long, words))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
"""


@pytest.fixture
def outside() -> Iterator[dict[str, str]]:
    """Set up what is to be reached: sockets of the host, a secret file and a variable."""
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as folder,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.create_server(("127.0.0.1", 0)) as internet,
    ):
        Path(folder).chmod(0o755)
        Path(folder, "secret").write_text(SECRET)
        named.bind(f"{folder}/socket")
        Path(folder, "socket").chmod(0o777)
        named.listen()
        abstract.bind(f"\0{Path(folder).name}")
        abstract.listen()
        yield {
            "folder": folder,
            "abstract": Path(folder).name,
            "port": str(internet.getsockname()[1]),
            "pid": str(os.getpid()),
        }


REACHING = {
    "a service of the host": "reach(socket.create_connection, ('127.0.0.1', {port}), 3)",
    "the internet": "reach(socket.create_connection, ('192.0.2.1', 80), 3)",
    "a raw socket": "reach(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)",
    "a unix socket": "reach(socket.socket(socket.AF_UNIX).connect, '{folder}/socket')",
    "an abstract unix socket": "reach(socket.socket(socket.AF_UNIX).connect, chr(0) + '{abstract}')",
    "a file of the host": "reach(Path('{folder}/secret').read_text)",
    "homes": "reach(os.listdir, '/root'); reach(os.listdir, '/home'); reach(os.listdir, '/srv')",
    "services' folders": "reach(os.listdir, '/run'); reach(os.listdir, '/var'); reach(os.listdir, '/sys')",
    "names of accounts": "reach(Path('/etc/passwd').read_text)",
    "the first process' environment": "reach(Path('/proc/1/environ').read_bytes)",
    "the first process' memory": "reach(open, '/proc/1/mem', 'r+b')",
    "the first process' descriptors": "reach(os.listdir, '/proc/1/fd')",
    "the first process' root": "reach(os.listdir, '/proc/1/root')",
    "the supervisor": "reach(os.kill, {pid}, 0)",
    "writing to the system": "reach(Path('/usr/x').write_text, 'x'); reach(Path('/x').write_text, 'x')",
    "writing to what runs it": "reach(Path('/aula/inside/student.py').write_text, 'x')",
    "writing to devices": "reach(Path('/dev/x').write_text, 'x'); reach(Path('/etc/x').write_text, 'x')",
    "a device": "reach(os.mknod, '/tmp/disk', 0o60600, os.makedev(254, 0))",
    "switches of the kernel": "reach(Path('/proc/sys/user/max_user_namespaces').write_text, '9')",
    "the host's name": "reach(Path('/proc/sys/kernel/hostname').write_text, 'x'); reach(socket.sethostname, 'x')",
    "mounting": "reach(call, 165, 0, 0, 0, 0, 0); reach(call, 166, 0, 0); reach(call, 428, -100, 0, 0)",
    "a user namespace": "reach(call, 272, 0x10000000)",
    "a user namespace by clone": "reach(call, 56, 0x10000011, 0, 0, 0, 0)",
    "a user namespace by clone3": "reach(call, 435, 0, 0)",
    "a user namespace by a program": "import subprocess; reach(subprocess.check_output, ['unshare', '-U', 'id'], stderr=-3)",
    "another's namespace": "reach(call, 308, os.open('/proc/self/ns/net', 0), 0)",
    "tracing": "reach(call, 101, 16, 1, 0, 0); reach(call, 310, 1, 0, 0, 0, 0, 0)",
    "keys": "reach(call, 250, 0, -3, 0)",
    "probes of the kernel": "reach(call, 321, 0, 0, 0); reach(call, 298, 0, 0, -1, -1, 0); reach(call, 425, 1, 0)",
    "memory that nobody counts": "reach(call, 319, b'x' and 0, 0); reach(call, 29, 0, 4096, 0o1600)",
    "another account": "reach(os.setuid, 0); reach(os.setgid, 0); reach(os.setgroups, [0])",
    "more than its limits": "import resource; reach(resource.setrlimit, resource.RLIMIT_NPROC, (9999, 9999))",
    "a lower chance to be killed": "reach(Path('/proc/self/oom_score_adj').write_text, '-1')",
}


@pytest.mark.parametrize("attack", REACHING)
def test_nothing_around_it_is_reached(begin: Begin, outside: dict[str, str], attack: str) -> None:
    """Whatever a cell reaches for outside its box is refused."""
    words = said(begin(), TRY + REACHING[attack].format(**outside)).splitlines()
    assert words
    assert [one for one in words if not one.startswith("refused")] == []


def test_programs_with_rights_give_none(begin: Begin) -> None:
    """A program that would run as root where it is started runs without any right."""
    shown = said(begin(), "print(open('/proc/self/status').read())")
    rights = dict(
        line.split(":\t") for line in shown.splitlines() if line.startswith(("Cap", "NoNewPrivs", "Seccomp:"))
    )
    assert {rights[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert (rights["NoNewPrivs"], rights["Seccomp"]) == ("1", "2")


def test_no_process_but_its_own_is_seen(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell sees two processes, itself and the first of its box, and in no environment anything of ours."""
    monkeypatch.setenv("AULA_TEST_SECRET", SECRET)
    student = begin()
    assert (
        said(student, "import os; print(sorted(one for one in os.listdir('/proc') if one.isdigit()))") == "['1', '2']\n"
    )
    environment = said(student, "print(open('/proc/self/environ').read(), dict(os.environ))")
    assert "PATH" in environment
    assert SECRET not in environment
    assert os.path.expanduser("~root") not in environment  # noqa: PTH111


def test_no_descriptor_but_its_own_is_open(begin: Begin) -> None:
    """A cell has its streams, its two sockets and its event loop: none of another student, and no folder outside."""
    begin()
    shown = said(
        begin(Path("/usr/share/doc/bubblewrap")),
        "import os\nfor one in os.listdir('/proc/self/fd'):\n"
        "    try: print(os.readlink(f'/proc/self/fd/{one}'))\n    except OSError: pass",
    )
    kinds = [one.partition(":")[0] for one in shown.splitlines()]
    folders = [one for one in shown.splitlines() if one.startswith("/") and not one.startswith(("/tmp/#", "/dev/null"))]
    assert folders in ([], ["/proc/2/fd"])
    assert kinds.count("socket") == 4  # control, line, and the two of the event loop


def test_two_students_do_not_see_each_other(begin: Begin) -> None:
    """What one writes, the other does not find; nor its processes, sockets, terminals and queues."""
    one, other = begin(), begin()
    said(
        one,
        "import os, socket, subprocess, pty\nopen('/tmp/mine', 'w').write('x')\nopen('/dev/shm/mine', 'w').write('x')\n"
        "s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + 'mine'); s.listen()\nt = socket.create_server(('127.0.0.1', 7007))\n"
        "p = subprocess.Popen(['sleep', '60']); q = pty.openpty()",
    )
    shown = said(
        other,
        TRY
        + "print(os.listdir('/tmp/work'), os.listdir('/dev/shm'), os.path.exists('/tmp/mine'), os.listdir('/dev/pts'))\n"
        "print(len([one for one in os.listdir('/proc') if one.isdigit()]))\n"
        "reach(socket.socket(socket.AF_UNIX).connect, chr(0) + 'mine')\nreach(socket.create_connection, ('127.0.0.1', 7007))",
    )
    assert shown.splitlines() == [
        *("[] [] False ['ptmx']", "2", "refused ConnectionRefusedError", "refused ConnectionRefusedError")
    ]


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
OVER = {
    "a loop": ("while True: pass", {"cpu_s": 1}, "cpu"),
    "a loop deaf to signals": (DEAF + "while True: pass", {"cpu_s": 1}, "cpu"),
    "a loop that catches all": (
        "def go():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\ngo()",
        {"cpu_s": 1},
        "cpu",
    ),
    "loops in children": (
        DEAF + "import os\nfor _ in range(3):\n    if not os.fork():\n        while True: pass\nos.wait()",
        {"cpu_s": 2},
        "cpu",
    ),
    "sleep": (DEAF + "import time; time.sleep(60)", {"wall_s": 1}, "wall"),
    "stopped": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", {"wall_s": 1}, "wall"),
    "memory of children": (
        "import os, time\nfor _ in range(4):\n    if not os.fork():\n        x = bytearray(150_000_000); time.sleep(60)\nos.wait()",
        {},
        "memory",
    ),
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
    assert time.monotonic() - started < 10


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
    "prints that go on": "while True:\n    try: print('x' * 1_000_000)\n    except RuntimeError: break\nraise RuntimeError('MB')",
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


def test_what_outlives_the_end_is_killed(begin: Begin) -> None:
    """A process that leaves its session and ignores signals ends with its student."""
    student = begin()
    seconds = f"9{os.getpid()}.{time.monotonic_ns()}"
    said(
        student,
        "import os, signal\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        "        for one in range(1, 30):\n            try: signal.signal(one, signal.SIG_IGN)\n            except OSError: pass\n"
        f"        os.execlp('sleep', 'sleep', '{seconds}')\n    os._exit(0)\nprint(os.wait())",
    )
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


SENT = "import os, socket, struct, json\nfor n in range(3, 40):\n    try: s = socket.socket(fileno=os.dup(n))\n    except OSError: continue\n    try: s.send({})\n    except OSError: pass\nimport time; time.sleep(60)"
NONSENSE = {
    "garbage": "b'\\xff' * 100_000",
    "no JSON": "struct.pack('>I', 5) + b'hello'",
    "no object": "struct.pack('>I', 2) + b'[]'",
    "no text": "struct.pack('>I', 2) + b'\\xff\\xff'",
    "too large": "struct.pack('>I', 2**32 - 1)",
    "deep": "(lambda text: struct.pack('>I', len(text)) + text)(b'[' * 100_000)",
    "rather deep": "(lambda text: struct.pack('>I', len(text)) + text)(b'{{\"a\":' + b'[' * 60 + b']' * 60 + b'}}')",
    "no number": "(lambda text: struct.pack('>I', len(text)) + text)(b'{{\"a\": NaN}}')",
    "parts": "(lambda text: struct.pack('>I', len(text)) + text + b'x')(b'{{\"parts\": [1]}}')",
    "a great many parts": "(lambda text: struct.pack('>I', len(text)) + text)(b'{{\"parts\": [4000000000]}}')",
}


@pytest.mark.parametrize("attack", NONSENSE)
def test_nonsense_is_refused(begin: Begin, attack: str) -> None:
    """A message that is none, too large or nested too deep is refused, and its sender killed."""
    student = begin()
    with pytest.raises(NonsenseError, match="cannot be used"):
        run(student, SENT.format(NONSENSE[attack]))
    with pytest.raises(EndedError):
        run(student, "1")


def test_an_answer_that_trickles_is_too_slow(begin: Begin) -> None:
    """A student that sends one byte after the other has no more time than others."""
    student = begin()
    started = time.monotonic()
    trickle = SENT.replace("s.send({})", "s.send(struct.pack('>I', 1000))").replace(
        "time.sleep(60)", "\nwhile True:\n    time.sleep(.05)\n    s.send(b'x')"
    )
    with pytest.raises(SlowError):
        run(student, trickle.replace("except OSError: pass", "except OSError: continue\n    else: break"), 1.0)
    assert time.monotonic() - started < 3
