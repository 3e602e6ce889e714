"""Runs a program without a network but its own loopback, on two cores at most: ``python alone.py PROGRAM …``.

The kernel's own interpreter runs this file, so there is only the standard library here. It needs root, or a system that
permits unprivileged user namespaces, and ends with 1 and a sentence where it has neither.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # as in linux/sched.h
GET_FLAGS, SET_FLAGS, IS_UP = 0x8913, 0x8914, 1  # as in linux/sockios.h and net/if.h
CORES = 2


def leave() -> None:
    """Move this process into a network of its own, with nothing but loopback. Raise OSError where that is refused."""
    user, group = os.geteuid(), os.getegid()
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(NEW_NETWORK | (NEW_USER if user else 0)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if user:  # the same numbers inside, else files would be somebody else's
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", name).write_text(text, encoding="ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", answer)[1] | IS_UP
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags))


def main() -> None:
    """Leave the network, then be the program."""
    words = sys.argv[1:]
    try:
        leave()
    except OSError as error:
        sys.exit(f"no network of its own: {error}")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    os.execv(words[0], words)  # noqa: S606  the program that was asked for, and no shell


if __name__ == "__main__":
    main()
