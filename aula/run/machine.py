"""The machine that notebooks run on, in words that name no host."""

import os
import platform
import re
from pathlib import Path

TOTAL = re.compile(r"^MemTotal:\s+(\d+) kB", re.MULTILINE)
MODEL = re.compile(r"^Model:\s+(.+?)\s*$", re.MULTILINE)
MEMORY, GPUS = Path("/proc/meminfo"), Path("/proc/driver/nvidia/gpus")


def words() -> str:
    """Return what this process may use of its machine: cores, their kind, memory, and GPUs where there are some."""
    gpus = [path.read_text(encoding="utf-8") for path in sorted(GPUS.glob("*/information"))]
    return describe(len(os.sched_getaffinity(0)), platform.machine(), MEMORY.read_text(encoding="utf-8"), gpus)


def describe(cores: int, kind: str, meminfo: str, gpus: list[str]) -> str:
    """Say it, from what Linux says of its memory and NVIDIA's driver of each GPU."""
    said = [f"{cores} {kind} {'core' if cores == 1 else 'cores'}"]
    if total := TOTAL.search(meminfo):
        said.append(f"{max(1, round(int(total[1]) / 2**20))} GB of memory")
    for text in gpus:
        model = MODEL.search(text)
        said.append(f"GPU {model[1]}" if model else "a GPU")
    return ", ".join(said)
