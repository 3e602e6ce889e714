"""The filter of the kernel's calls, as each kind of machine would read it."""

import struct

import pytest

from aula.grading.inside import filter as calls

READ = {"x86_64": 0, "aarch64": 63}


def answer(machine: str, number: int, first: int = 0, architecture: int | None = None) -> int:
    """Follow the filter as the kernel does, for a call with its first argument; return what it says."""
    told = {
        calls.NUMBER: number,
        calls.ARCHITECTURE: calls.ARCHITECTURES[machine] if architecture is None else architecture,
        calls.FIRST: first,
    }
    steps = list(struct.iter_unpack("=HBBI", calls.program(machine)))
    place, held = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == calls.RETURN:
            return int(value)
        if code == calls.LOAD:
            held = told[value]
            continue
        holds = {calls.EQUAL: held == value, calls.AT_LEAST: held >= value, calls.ANY_BIT: held & value != 0}
        place += yes if holds[code] else no


@pytest.mark.parametrize("machine", READ)
def test_the_filter_says_the_same_everywhere(machine: str) -> None:
    """Calls that a program needs are let through; those that reach out fail; a foreign kind of call ends it."""
    fails, missing = calls.FAIL | calls.NOT_PERMITTED, calls.FAIL | calls.NOT_THERE
    assert answer(machine, READ[machine]) == calls.ALLOW
    assert {answer(machine, one) for one in (*calls.REFUSED[machine], *calls.COMMON)} == {fails}
    assert {answer(machine, one) for one in (*calls.UNCOUNTED[machine], calls.CLONE3)} == {missing}
    assert len(calls.REFUSED["x86_64"]) == len(calls.REFUSED["aarch64"])
    assert answer(machine, READ[machine], architecture=0x40000003) == calls.KILL
    assert answer(machine, calls.FOREIGN + READ[machine]) == calls.KILL


@pytest.mark.parametrize("machine", READ)
def test_the_filter_looks_at_arguments(machine: str) -> None:
    """Threads and processes may begin, namespaces not; sockets of four kinds may, others not."""
    clone, opened = calls.CLONE[machine], calls.SOCKET[machine]
    assert answer(machine, clone, 17) == calls.ALLOW
    assert answer(machine, clone, 0x3D0F00) == calls.ALLOW  # a thread
    namespaces = (0x20000, *(1 << bit for bit in range(25, 31)))
    assert {answer(machine, clone, 17 | one) for one in namespaces} == {calls.FAIL | calls.NOT_PERMITTED}
    allowed = {family for family in range(50) if answer(machine, opened, family) == calls.ALLOW}
    assert allowed == set(calls.FAMILIES)
    assert answer(machine, opened, 40) == calls.FAIL | calls.NO_FAMILY
