"""What a fork of the zygote does before anybody else's code runs in it: nothing around it is to be seen or changed."""

import fcntl
import os
import resource
import socket
import struct
from contextlib import suppress
from pathlib import Path

from . import filter as calls
from . import given, system

PRIVATE = Path("/tmp")  # noqa: S108  of the box alone, gone with it
WORK, HOME, SHARED = (PRIVATE / name for name in ("work", "home", "shared"))
FOLDERS = (WORK, HOME, SHARED, PRIVATE / "matplotlib", PRIVATE / "ipython")
MB = 2**20
MOST_NODES = 20_000
"""Files and folders in a box."""
DESCRIPTORS = 256
OWN = 3
"""Processes of the box itself, which count too."""
NAMESPACES = system.NEW_USER | system.NEW_MOUNTS | system.NEW_PIDS | system.NEW_NETWORK | system.NEW_IPC
NAMESPACES |= system.NEW_HOST | system.NEW_CGROUP
GET_FLAGS, SET_FLAGS, IS_UP = 0x8913, 0x8914, 1  # as in linux/sockios.h and net/if.h


def leave() -> None:
    """Move this process into namespaces of its own, and its children into their own pids. Raise OSError."""
    user, group = os.getuid(), os.getgid()
    system.prctl(system.DUMPABLE, 1)  # else its own files below /proc are not its own
    system.unshare(NAMESPACES)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def furnish(limits: dict[str, int], files: int | None) -> bool:
    """Mount what the box has; copy the assignment's files to where it works. Return whether there is a /proc.

    Raises OSError where something is refused, GivenError for the files.
    """
    system.mount(None, "/", None, system.RECURSIVE | system.PRIVATE)
    plain = system.NO_SUID | system.NO_DEVICES
    size = limits["file_mb"] * MB
    system.mount("tmpfs", str(PRIVATE), "tmpfs", plain, f"size={size},nr_inodes={MOST_NODES},mode=700")
    for folder in FOLDERS:
        folder.mkdir(mode=0o700)
    system.mount(str(SHARED), "/dev/shm", None, system.BIND)  # noqa: S108  the box's own
    options = "newinstance,ptmxmode=0666,mode=620"
    system.mount("devpts", "/dev/pts", "devpts", system.NO_SUID | system.NO_PROGRAMS, options)
    Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    try:
        system.mount("proc", "/proc", "proc", plain | system.NO_PROGRAMS)
        has_proc = True
    except PermissionError:  # something covers a part of /proc here: then none, for the one outside shows too much
        system.mount("tmpfs", "/proc", "tmpfs", plain | system.READ_ONLY, "size=4k")
        has_proc = False
    _raise_loopback()
    socket.sethostname("box")
    if files is not None:
        given.copy(files, WORK, size)
    os.chdir(WORK)
    return has_proc


def bound(limits: dict[str, int]) -> None:
    """Set the limits that the kernel keeps for each process."""
    memory = _data() + limits["memory_mb"] * MB
    for name, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits["file_mb"] * MB),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_NPROC, limits["processes"] + OWN),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        least = min([most, *(one for one in resource.getrlimit(name)[1:] if one != resource.RLIM_INFINITY)])
        resource.setrlimit(name, (least, least))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_s"], limits["cpu_s"] + 1))


def lock() -> None:
    """Give up all rights, for good: here, and in all that is started from here. Raise OSError."""
    system.leave_keyring()
    system.drop_rights()
    calls.install()


def close_all_but(kept: set[int]) -> None:
    """Close every descriptor but some: others' sockets are among those that a fork inherits."""
    last = 2
    for one in [*sorted(kept - {0, 1, 2}), 2**20]:
        os.closerange(last + 1, one)
        last = one


def _data() -> int:
    """Return the bytes of data that this process has already."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    return 0


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", answer)[1] | IS_UP
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags))
