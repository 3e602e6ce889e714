"""The nodes' control groups: how we find the processes of their jobs, however a node ended."""

import contextlib
import os
import signal
import time
from pathlib import Path

from deploy.network import nodes
from deploy.settings import Settings


def folders(settings: Settings) -> list[Path]:
    """Return the control groups of this classroom's nodes, innermost first."""
    roots: list[Path] = []
    for node in nodes(settings):
        roots += Path("/sys/fs/cgroup").glob(f"*/slurm_{node.name}")
        roots += Path("/sys/fs/cgroup").glob(f"**/{node.name}_slurmstepd.scope")
    return [inner for root in roots for inner in sorted([root, *_below(root)], reverse=True)]


def down(settings: Settings) -> None:
    """End every process that a job left in our nodes' control groups, and remove the groups."""
    for _ in range(50):
        left = processes(settings)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not left:
            break
        time.sleep(0.1)
    for group in folders(settings):
        with contextlib.suppress(OSError):
            group.rmdir()


def processes(settings: Settings) -> set[int]:
    """Return the pids of all processes in our nodes' control groups."""
    found: set[int] = set()
    for group in folders(settings):
        with contextlib.suppress(OSError):
            found |= {int(pid) for pid in (group / "cgroup.procs").read_text().split()}
    return found


def _below(root: Path) -> list[Path]:
    return [Path(where) for where, _, _ in os.walk(root) if Path(where) != root]
