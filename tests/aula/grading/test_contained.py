"""What a submission tries, and what it gets: each attack runs as a cell, and prints what it could reach."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aula.grading.conftest import Begin
from tests.aula.grading.said import said

SECRET = "the-secret-of-the-supervisor"
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
    "the host of a virtual machine": "reach(socket.socket, 40, 1)",
    "a part of the kernel by a socket": "reach(socket.socket, 38, 5); reach(socket.socket, 17, 3)",
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
    "a user namespace by a program": "import subprocess; reach(subprocess.check_output, ['unshare', '-U'], stderr=-3)",
    "another's namespace": "reach(call, 308, os.open('/proc/self/ns/net', 0), 0)",
    "tracing": "reach(call, 101, 16, 1, 0, 0); reach(call, 310, 1, 0, 0, 0, 0, 0)",
    "keys": "reach(call, 250, 0, -3, 0)",
    "probes of the kernel": "reach(call, 321, 0, 0, 0); reach(call, 298, 0, 0, -1, -1, 0); reach(call, 425, 1, 0)",
    "memory that nobody counts": "reach(call, 319, b'x' and 0, 0); reach(call, 29, 0, 4096, 0o1600)",
    "others' files, watched": "reach(call, 254, call(253), id(name := b'/usr') + 32, 1)  # where bytes lie",
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
    student = begin()
    shown = said(student, "print(open('/proc/self/status').read())")
    rights = dict(
        line.split(":\t") for line in shown.splitlines() if line.startswith(("Cap", "NoNewPrivs", "Seccomp:"))
    )
    assert {rights[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert (rights["NoNewPrivs"], rights["Seccomp"]) == ("1", "2")
    assert said(student, "print(open('/proc/sys/user/max_user_namespaces').read())").strip() == "0"
    assert said(student, "print(open('/proc/self/oom_score_adj').read())").strip() == "1000"  # before all others


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
    assert os.path.expanduser("~root") not in environment  # noqa: PTH111  as the attack writes it


def test_no_descriptor_but_its_own_is_open(begin: Begin) -> None:
    """A cell has its streams, its two sockets and its event loop: none of another student, and no folder outside."""
    begin()
    shown = said(
        begin(Path("/usr/share/doc/bubblewrap")),
        "import os\nfor one in os.listdir('/proc/self/fd'):\n"
        "    try: print(os.readlink(f'/proc/self/fd/{one}'))\n    except OSError: pass",
    )
    open_now = shown.splitlines()
    kinds = [one.partition(":")[0].partition("/#")[0] for one in open_now if one != "/proc/2/fd"]
    # stdout and stderr; control, line, and two of the event loop, which polls.
    assert sorted(kinds) == ["/dev/null", *["/tmp"] * 4, "anon_inode", *["socket"] * 4]  # noqa: S108  the box's


LEAVING = """
import os, pty, socket, subprocess
for place in ("/tmp/mine", "/dev/shm/mine"):
    with open(place, "w") as file:
        file.write("x")
abstract = socket.socket(socket.AF_UNIX)
abstract.bind(chr(0) + "mine")
abstract.listen()
internet = socket.create_server(("127.0.0.1", 7007))
program, terminal = subprocess.Popen(["sleep", "60"]), pty.openpty()
"""
FINDING = """
print(os.listdir("/tmp/work"), os.listdir("/dev/shm"))
print(os.listdir("/dev/pts"))
print(os.path.exists("/tmp/mine"))
print(len(list(filter(str.isdigit, os.listdir("/proc")))))
reach(socket.socket(socket.AF_UNIX).connect, chr(0) + "mine")
reach(socket.create_connection, ("127.0.0.1", 7007))
"""


def test_two_students_do_not_see_each_other(begin: Begin) -> None:
    """What one writes, the other does not find; nor its processes, sockets, terminals and queues."""
    one, other = begin(), begin()
    assert said(one, LEAVING) == ""
    assert said(other, TRY + FINDING).splitlines() == [
        *("[] []", "['ptmx']", "False", "2"),
        *("refused ConnectionRefusedError", "refused ConnectionRefusedError"),
    ]
