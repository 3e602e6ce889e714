"""The calls of the kernel that submitted code may not make: a seccomp filter.

Namespaces and rights already keep it in. The filter takes away what it has no use for, where mistakes of the kernel
have been found, and memory that no limit counts.
"""

import ctypes
import os
import struct

from . import system

SET_FILTER, BY_PROGRAM = 22, 2  # prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER)
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NOT_PERMITTED, NOT_THERE, NO_FAMILY = 1, 38, 97  # EPERM, ENOSYS, EAFNOSUPPORT
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of linux/bpf_common.h
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16  # where seccomp_data has them
NAMESPACES = 0x7E020000  # all CLONE_NEW flags that clone takes
FOREIGN = 0x40000000  # x32's calls begin here

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# The same numbers on every architecture: calls that came after 2018.
COMMON = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 467)  # io_uring, the new mount calls
CLONE3 = 435
REFUSED = {
    # unshare setns mount umount2 pivot_root chroot ptrace process_vm_readv process_vm_writev kcmp bpf userfaultfd
    # perf_event_open keyctl add_key request_key init_module finit_module delete_module kexec_load
    # open_by_handle_at name_to_handle_at personality swapon swapoff reboot sethostname setdomainname acct quotactl
    # syslog inotify_add_watch fanotify_init
    "x86_64": (
        *(272, 308, 165, 166, 155, 161, 101, 310, 311, 312, 321, 323, 298, 250, 248, 249, 175, 313, 176, 246),
        *(304, 303, 135, 167, 168, 169, 170, 171, 163, 179, 103, 254, 300),
    ),
    "aarch64": (
        *(97, 268, 40, 39, 41, 51, 117, 270, 271, 272, 280, 282, 241, 219, 217, 218, 105, 273, 106, 104),
        *(265, 264, 92, 224, 225, 142, 161, 162, 89, 60, 116, 27, 262),
    ),
}
# memfd_create shmget memfd_secret: memory that belongs to no process, and that no limit counts.
UNCOUNTED = {"x86_64": (319, 29, 447), "aarch64": (279, 194, 447)}
CLONE = {"x86_64": 56, "aarch64": 220}
SOCKET = {"x86_64": 41, "aarch64": 198}
# unix, IPv4, IPv6, netlink; others reach past a namespace, as vsock does to the host of a virtual machine.
FAMILIES = (1, 2, 10, 16)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def program(machine: str) -> bytes:
    """Return the filter for a kind of machine, as the kernel reads it."""
    fail = FAIL | NOT_PERMITTED
    steps = [
        *(_step(LOAD, ARCHITECTURE), _step(EQUAL, ARCHITECTURES[machine], 1, 0), _step(RETURN, KILL)),
        *(_step(LOAD, NUMBER), _step(AT_LEAST, FOREIGN, 0, 1), _step(RETURN, KILL)),
    ]
    for number in (*REFUSED[machine], *COMMON):
        steps += _step(EQUAL, number, 0, 1), _step(RETURN, fail)
    for number in (*UNCOUNTED[machine], CLONE3):  # of clone3's flags a filter sees nothing; libraries then use clone
        steps += _step(EQUAL, number, 0, 1), _step(RETURN, FAIL | NOT_THERE)
    steps += _step(EQUAL, CLONE[machine], 0, 4), _step(LOAD, FIRST), _step(ANY_BIT, NAMESPACES, 0, 1)
    steps += _step(RETURN, fail), _step(RETURN, ALLOW)
    steps += _step(EQUAL, SOCKET[machine], 0, len(FAMILIES) + 2), _step(LOAD, FIRST)
    steps += [_step(EQUAL, family, len(FAMILIES) - place, 0) for place, family in enumerate(FAMILIES)]
    steps += _step(RETURN, FAIL | NO_FAMILY), _step(RETURN, ALLOW)
    return b"".join(steps)


def install() -> None:
    """Filter the calls of this process and of all that it starts; nothing on a kind of machine that is not known."""
    machine = os.uname().machine
    if machine in ARCHITECTURES:
        steps = program(machine)
        system.prctl(SET_FILTER, BY_PROGRAM, ctypes.byref(_Program(len(steps) // 8, steps)))
