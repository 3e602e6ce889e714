"""What lies in a course's folder at a moment: a change of any file that counts gives another snapshot."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from os import walk
from pathlib import Path

Snapshot = Mapping[Path, tuple[int, int]]
"""Of each file its time of change, in nanoseconds, and its size."""
IGNORED = (".*", "*~", "*.swp", "*.tmp", "4913", "__pycache__", ".ipynb_checkpoints")
"""What editors and Python leave beside the files that somebody edits."""


def take(folders: Iterable[Path]) -> Snapshot:
    """Return the snapshot of these folders; a file that goes away meanwhile is not in it."""
    found: dict[Path, tuple[int, int]] = {}
    for folder in folders:
        for place, inner, files in walk(folder):
            inner[:] = [name for name in inner if not _ignored(name)]
            for name in files:
                path = Path(place, name)
                try:
                    status = path.stat()
                except OSError:
                    continue
                if not _ignored(name):
                    found[path] = (status.st_mtime_ns, status.st_size)
    return found


def below(snapshot: Snapshot, *folders: Path) -> list[tuple[str, tuple[int, int]]]:
    """Return what of a snapshot lies below these folders, in order."""
    return sorted((str(path), mark) for path, mark in snapshot.items() if any(map(path.is_relative_to, folders)))


def _ignored(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in IGNORED)
