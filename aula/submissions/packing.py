"""A folder as a tar archive, with its regular files and folders only."""

import os
import stat
import tarfile
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from aula.submissions.following import opened

FILE_MODE, FOLDER_MODE = 0o644, 0o755


def packed(root: Path, *parts: str) -> IO[bytes]:
    """Return the archive of a folder below one that is trusted, at its beginning. Raises NotThereError, OSError."""
    archive = TemporaryFile()  # noqa: SIM115  its reader closes it
    try:
        with opened(root, *parts) as top, tarfile.open(fileobj=archive, mode="w") as tar:
            for where, folders, names, place in os.fwalk(".", dir_fd=top):
                folders.sort()
                if where != ".":
                    tar.addfile(_entry(where, os.fstat(place), tarfile.DIRTYPE, FOLDER_MODE))
                for name in sorted(names):
                    _add(tar, str(Path(where, name)), name, place)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _add(tar: tarfile.TarFile, path: str, name: str, place: int) -> None:
    if not stat.S_ISREG(os.lstat(name, dir_fd=place).st_mode):
        return
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    with open(handle, "rb") as file:  # noqa: PTH123  by its number: its name may lead elsewhere by now
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode):
            entry = _entry(path, status, tarfile.REGTYPE, FILE_MODE)
            entry.size = status.st_size
            tar.addfile(entry, file)


def _entry(path: str, status: os.stat_result, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(str(Path(path)))
    entry.type, entry.mode, entry.mtime = kind, mode, int(status.st_mtime)
    return entry
