"""Who listens on a port of this machine, as the kernel's tables in /proc say."""

import contextlib
from pathlib import Path

_LISTENS = "0A"


def who(port: int) -> str:
    """Return `pid 123 (nginx)` for the program that listens on a TCP port; '' where it cannot be seen."""
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _inodes(Path("/proc/net", table), port)}
    for folder in Path("/proc").glob("[0-9]*"):
        if sockets and sockets & _open(folder):
            return f"pid {folder.name} ({_program(folder)})"
    return ""


def _inodes(table: Path, port: int) -> list[str]:
    """Return the inodes of the sockets that listen on a port, from a table as proc(5) describes it."""
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == _LISTENS and int(row[1].rpartition(":")[2], 16) == port]


def _open(folder: Path) -> set[str]:
    """Return what a process has open; nothing for one that ended, or that is not ours to look at."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for link in (folder / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed while we look
                found.add(str(link.readlink()))
    return found


def _program(folder: Path) -> str:
    try:
        return (folder / "comm").read_text().strip()
    except OSError:
        return "ended meanwhile"
