"""Calls of the kernel that Python 3.11 has no function for."""

import ctypes
import os

NEW_USER, NEW_MOUNTS, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000, 0x20000000, 0x40000000  # as in linux/sched.h
NEW_IPC, NEW_HOST, NEW_CGROUP = 0x8000000, 0x4000000, 0x2000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8  # as in linux/mount.h
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
DIES_WITH_PARENT, DUMPABLE, DROP_BOUNDING, NO_NEW_PRIVILEGES, AMBIENT, SECURE_BITS = 1, 4, 24, 38, 47, 28
CLEAR_ALL = 4  # of PR_CAP_AMBIENT
LOCKED_BITS = 0b101111  # no rights by being uid 0, nor kept over its change; and that for good
CAPABILITIES_3 = 0x20080522
JOIN_SESSION = 1  # of keyctl
KEYCTL = {"x86_64": 250, "aarch64": 219}

_system = ctypes.CDLL(None, use_errno=True)


class _Head(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Move this process, or its children, into namespaces of their own. Raise OSError where that is refused."""
    _checked(_system.unshare(ctypes.c_int(flags)), "a namespace of its own")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount a file system. Raise OSError where that is refused."""
    words = [None if one is None else one.encode() for one in (source, target, kind)]
    result = _system.mount(*words, ctypes.c_ulong(flags), options.encode() or None)
    _checked(result, f"mounting {target}")


def prctl(option: int, first: int = 0, second: object = 0) -> int:
    """Change something about this process. Raise OSError where that is refused."""
    value = second if not isinstance(second, int) else ctypes.c_ulong(second)
    zero = ctypes.c_ulong(0)
    return _checked(_system.prctl(ctypes.c_int(option), ctypes.c_ulong(first), value, zero, zero), f"prctl {option}")


def drop_rights() -> None:
    """Give up every capability of this process and of all that it starts, for good."""
    prctl(SECURE_BITS, LOCKED_BITS)
    prctl(AMBIENT, CLEAR_ALL)
    for number in range(64):
        try:
            prctl(DROP_BOUNDING, number)
        except OSError:  # there are no more
            break
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_system.capset(ctypes.byref(_Head(CAPABILITIES_3, 0)), nothing), "giving up capabilities")
    prctl(NO_NEW_PRIVILEGES, 1)


def leave_keyring() -> None:
    """Begin a keyring of its own: keys of whoever started the sandbox are not to be seen."""
    if number := KEYCTL.get(os.uname().machine):
        _system.syscall(ctypes.c_long(number), ctypes.c_long(JOIN_SESSION), None)
