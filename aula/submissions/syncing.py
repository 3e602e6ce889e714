"""Files and folders that are on the disk when the call returns, and what is in them."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes, mode: int) -> None:
    """Write a file at once or not at all, in place of the one that was there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123  its mode
            os.fchmod(file.fileno(), mode)  # whatever the umask is
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    sync(path.parent)


def sync(folder: Path) -> None:
    """Let the names in a folder be on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> dict[str, str]:
    """Let all below a folder be on the disk; return each file's path in it, with its SHA-256."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = Path(where, name)
            with path.open("rb") as file:
                found[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
        sync(Path(where))
    return found


def hashes(folder: Path) -> dict[str, str]:
    """Return the path of each regular file below a folder, with its SHA-256. Raises OSError where it is gone."""
    found = {}
    for where, _, names in os.walk(folder, onerror=_raise):
        for name in names:
            path = Path(where, name)
            if path.is_symlink() or not path.is_file():
                found[str(path.relative_to(folder))] = ""
                continue
            with path.open("rb") as file:
                found[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _raise(error: OSError) -> None:
    raise error
