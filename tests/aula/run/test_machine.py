"""What is said of the machine that notebooks ran on."""

import socket

import pytest

from aula.run import machine

MEMINFO = "MemTotal:       16307456 kB\nMemFree:         1000000 kB\n"
H100 = "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 100\n"


@pytest.mark.parametrize(
    ("cores", "meminfo", "gpus", "said"),
    [
        (2, MEMINFO, [], "2 x86_64 cores, 16 GB of memory"),
        (1, "MemTotal: 500000 kB\n", [], "1 x86_64 core, 1 GB of memory"),
        (4, "", [], "4 x86_64 cores"),
        (4, "", [H100, ""], "4 x86_64 cores, GPU NVIDIA H100 80GB HBM3, a GPU"),
    ],
)
def test_a_machine_in_words(cores: int, meminfo: str, gpus: list[str], said: str) -> None:
    """Cores, memory and GPUs are told as far as Linux and the driver tell them."""
    assert machine.describe(cores, "x86_64", meminfo, gpus) == said


def test_this_machine_has_cores_and_no_name() -> None:
    """The real files are understood, and the host is not named."""
    said = machine.words()
    assert "core" in said
    assert "GB of memory" in said
    assert socket.gethostname() not in said
