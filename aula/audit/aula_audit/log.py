"""The log's file: an entry a line; whole lines are added to its end, and nothing else is ever done to it."""

import fcntl
import mmap
import os
from collections.abc import Sequence
from pathlib import Path

FOLDER, FILE = "audit", "log.jsonl"


def beside(gradebook: Path) -> Path:
    """Return where the log of a gradebook lies."""
    return gradebook.parent / FOLDER / FILE


def add(path: Path, lines: Sequence[str]) -> None:
    """Add those lines that the file does not have, and see them on the disk. Raises OSError.

    One writer at a time. Where a killed one left a line's beginning, the rest of it is added.
    """
    _make(path)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = _kept(file)
        missing = [line for line in lines if f"{line}\n".encode() not in kept]
        if missing:
            torn = kept[kept.rfind(b"\n") + 1 :]
            data = "".join(f"{line}\n" for line in missing).encode()
            # Anything else without an end is nobody's of ours: it stays, on a line of its own, to be seen.
            _write(file, data[len(torn) :] if data.startswith(torn) else b"\n" + data)
            os.fsync(file)
    finally:
        os.close(file)


def _kept(file: int) -> bytes:
    """Return what the file holds."""
    if not os.fstat(file).st_size:
        return b""
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as kept:
        return kept[:]


def _write(file: int, data: bytes) -> None:
    """Write all of it: the system may take less at a time."""
    while data:
        data = data[os.write(file, data) :]


def _make(path: Path) -> None:
    """Make file and folder if they are missing, closed to others, as the gradebook's owner: root may write it too."""
    if path.exists():
        return
    owner = path.parents[1].stat()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    if os.geteuid() == 0:
        for one in (path.parent, path):
            os.chown(one, owner.st_uid, owner.st_gid, follow_symlinks=False)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
