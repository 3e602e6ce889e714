"""A folder as a tar, and back: real files and folders, and nothing else."""

import os
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO

from .errors import ServiceError

Ignored = Callable[[str, list[str]], list[str]]
"""Returns which of a folder's names are not handed in: shutil's, and nbgrader's."""


@dataclass
class Packed:
    """What is handed in."""

    body: BinaryIO
    digest: str = ""
    """The hash of the tar."""
    files: dict[str, str] = field(default_factory=dict)
    """The hash of each file, by its path."""
    left_out: list[str] = field(default_factory=list)
    """What is not in it, and why, in words."""


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.hash = file, sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.hash.update(content)
        return content


@contextmanager
def packed(folder: Path, ignored: Ignored, most_bytes: int) -> Iterator[Packed]:
    """Yield a folder's real files as a tar: the same files make the same tar, whenever.

    Raises ServiceError where they are too big, or one of them changes meanwhile.
    """
    with TemporaryFile() as body:
        made = Packed(body)
        _pack(made, folder, ignored, most_bytes)
        body.seek(0)
        made.digest = file_digest(body, "sha256").hexdigest()
        yield made


def _pack(packed: Packed, folder: Path, ignored: Ignored, most_bytes: int) -> None:
    size = 0
    with tarfile.open(fileobj=packed.body, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in _paths(folder, ignored):
            name = path.relative_to(folder).as_posix()
            try:
                file = _opened(path, name)
            except OSError as error:
                packed.left_out.append(f"{name!a} is left out: {_why(path, error)}")
                continue
            with file:
                entry = tarfile.TarInfo(name)
                entry.size = os.fstat(file.fileno()).st_size
                size += entry.size
                if size > most_bytes:
                    most = f"{most_bytes // 1_000_000} MB"
                    raise ServiceError(f"{folder.name} has over {most}: move what is not part of your work elsewhere")
                hashed = _Hashed(file)
                try:
                    tar.addfile(entry, hashed)
                except OSError as error:
                    raise ServiceError(f"{name} changed while it was read: hand in again ({error})") from error
                packed.files[name] = hashed.hash.hexdigest()


def unpack(body: BinaryIO, to: Path) -> None:
    """Write what a tar holds into a folder. Raises ServiceError where it is none, or leads elsewhere."""
    try:
        with tarfile.open(fileobj=body, mode="r:") as tar:
            for entry in tar:
                path = PurePosixPath(entry.name)
                if path.is_absolute() or ".." in path.parts or not (entry.isreg() or entry.isdir()):
                    raise ServiceError(f"the service sent {entry.name!r}, which is not taken")
                if entry.isdir():
                    (to / path).mkdir(parents=True, exist_ok=True)
                    continue
                (to / path).parent.mkdir(parents=True, exist_ok=True)
                content = tar.extractfile(entry)
                assert content is not None  # noqa: S101  a regular file has one
                with (to / path).open("xb") as file:
                    shutil.copyfileobj(content, file)
    except tarfile.TarError as error:
        raise ServiceError(f"what the service sent cannot be read: try again ({error})") from error


def _paths(folder: Path, ignored: Ignored) -> Iterator[Path]:
    """Yield what lies in a folder and is no folder itself; links to folders are among it."""
    for where, folders, names in os.walk(folder):
        left = set(ignored(where, [*folders, *names]))
        links = {name for name in folders if Path(where, name).is_symlink()}
        yield from (Path(where, name) for name in sorted({*names, *links} - left))
        folders[:] = sorted({*folders} - left - links)


def _opened(path: Path, name: str) -> BinaryIO:
    """Open a real file. Raises OSError where it is none, or has a name that cannot be written."""
    if not name.isprintable():  # nor are the surrogates of what is not UTF-8
        raise OSError("its name has signs that cannot be printed, give it another one")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    file = open(handle, "rb")  # noqa: PTH123, SIM115  by its number: no link is followed
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise OSError("it is no file")
    return file


def _why(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return "it is a link, put the file itself in its place"
    return error.strerror or str(error)
