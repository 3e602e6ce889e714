"""Unpacking a tar archive while it comes, into a folder that is empty and nobody else's."""

import os
from pathlib import Path
from types import TracebackType

from aula.submissions import header
from aula.submissions.errors import DamagedError, RefusedError, TooBigError
from aula.submissions.header import BLOCK, FILE, FOLDER, PAX, Header
from aula.submissions.limits import MOST_BYTES
from aula.submissions.paths import Paths

END = bytes(BLOCK)
FILE_MODE, FOLDER_MODE = 0o640, 0o750


class Unpacker:
    """Writes the regular files and folders of an archive; at the first thing else it refuses all of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths = Paths()
        self._buffer = bytearray()
        self._entry: Header | None = None
        self._left = self._padding = self._bytes = 0
        self._file: int | None = None
        self._extra = bytearray()
        self._name: bytes | None = None
        self._ended = False

    def __enter__(self) -> "Unpacker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def feed(self, data: bytes) -> None:
        """Take more of the archive. Raises RefusedError; nothing may be fed after that."""
        self._buffer += data
        at = 0
        while at < len(self._buffer):
            if self._left or self._padding:
                at += self._content(bytes(self._buffer[at : at + (self._left or self._padding)]))
            elif len(self._buffer) - at >= BLOCK:
                self._begin(bytes(self._buffer[at : at + BLOCK]))
                at += BLOCK
            else:
                break
        del self._buffer[:at]

    def finish(self) -> None:
        """Be told that this was all. Raises RefusedError where something is missing, or nothing came."""
        if not self._ended or self._buffer or self._entry or self._name is not None:
            raise DamagedError("the archive ends too early: it was cut on its way: send it again")
        if not self._paths.files:
            raise RefusedError("there is no file in it: hand in the assignment's folder")

    def close(self) -> None:
        """Let go of the file that is being written."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _begin(self, block: bytes) -> None:
        if block == END:
            self._ended = True
            return
        if self._ended:
            raise RefusedError("something follows the end of the archive: pack the folder again")
        self._entry = entry = header.read(block)
        self._left, self._padding = entry.size, -entry.size % BLOCK
        if entry.kind in (FILE, FOLDER):
            self._open(entry)
        elif self._name is not None:
            raise RefusedError("two headers of the archive name one file: pack it with tar --format=ustar")
        if not self._left:
            self._end()

    def _open(self, entry: Header) -> None:
        raw = entry.name if self._name is None else self._name
        is_folder = entry.kind == FOLDER or raw.endswith(b"/")
        self._name = None
        path = self._paths.add(raw, is_folder=is_folder)
        if is_folder:
            if entry.size:
                raise RefusedError("a folder has content of its own: pack the folder again")
            (self._folder / path).mkdir(FOLDER_MODE, parents=True, exist_ok=True)
            return
        self._bytes += entry.size
        if self._bytes > MOST_BYTES:
            raise TooBigError(f"the files have over {MOST_BYTES // 1_000_000} MB together: hand in less")
        target = self._folder / path
        target.parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        self._file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)

    def _content(self, data: bytes) -> int:
        """Take what belongs to the entry, or fills its last block; return how much that was."""
        if not self._left:
            self._padding -= len(data)
            return len(data)
        if self._file is not None:
            written = os.write(self._file, data)
        else:
            self._extra += data
            written = len(data)
        self._left -= written
        if not self._left:
            self._end()
        return written

    def _end(self) -> None:
        entry, self._entry = self._entry, None
        self.close()
        if entry is None or entry.kind in (FILE, FOLDER):
            return
        content, self._extra = bytes(self._extra), bytearray()
        self._name = header.name_in_pax(content) if entry.kind == PAX else header.long_name(content)
