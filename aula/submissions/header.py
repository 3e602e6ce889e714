"""One header of a tar archive: only what regular files and folders need, and everything else refused.

Python's tarfile reads more than that, and in 3.11 hostile archives keep it busy without end (CVE-2024-6232,
CVE-2025-8194); this reads each byte once.
"""

import re
from dataclasses import dataclass

from aula.submissions.errors import DamagedError, RefusedError
from aula.submissions.paths import shown

BLOCK = 512
FILE, FOLDER, PAX, LONG_NAME = b"0", b"5", b"x", b"L"
LONGEST_EXTRA = 8192
"""Bytes that may say more about the next entry: its long name, its times."""
KINDS = {
    b"1": "a hard link",
    b"2": "a link",
    b"3": "a device",
    b"4": "a device",
    b"6": "a pipe",
    b"S": "a file with holes",
    b"K": "a link",
}
MAGIC = (b"ustar\00000", b"ustar  \0")
HARMLESS = {"mtime", "atime", "ctime", "uid", "gid", "uname", "gname"}
OCTAL = re.compile(rb" *([0-7]{1,12})[ \0]*")
RECORD = re.compile(rb"([1-9][0-9]{0,4}) ([a-zA-Z0-9._-]{1,100})=")


@dataclass(frozen=True)
class Header:
    """What an entry is, its name as it stands there, and how many bytes follow."""

    kind: bytes
    name: bytes
    size: int


def read(block: bytes) -> Header:
    """Return what a block says. Raises DamagedError for no header, RefusedError for what may not be handed in."""
    if sum(block[:148]) + 256 + sum(block[156:]) != _number(block[148:156]):
        raise DamagedError("the archive is damaged, or a file is longer than it says: send it again")
    if block[257:265] not in MAGIC:
        raise RefusedError("this is an old kind of tar archive: pack it with tar --format=ustar")
    name, kind = block[:100].partition(b"\0")[0], block[156:157].replace(b"\0", FILE)
    prefix = block[345:500].partition(b"\0")[0] if block[257:265] == MAGIC[0] else b""
    name = prefix + b"/" + name if prefix else name
    if kind not in (FILE, FOLDER, PAX, LONG_NAME):
        said = shown(name.decode(errors="replace"))
        raise RefusedError(f"{said} is {KINDS.get(kind, 'of an unknown kind')}: hand in plain files and folders only")
    size = _number(block[124:136])
    if size is None:
        raise DamagedError("the archive is damaged, or has a size that no hand-in has: pack the folder again")
    if kind == FOLDER and size:
        raise RefusedError("a folder has content of its own: pack the folder again")
    if kind in (PAX, LONG_NAME) and size > LONGEST_EXTRA:
        raise RefusedError("a header of the archive is too long: pack it with tar --format=ustar")
    return Header(kind, name, size)


def name_in_pax(content: bytes) -> bytes | None:
    """Return the name that the records before an entry give it; None where they give none. Raises RefusedError."""
    seen: dict[str, bytes] = {}
    at = 0
    while at < len(content):
        found = RECORD.match(content, at)
        end = at + int(found[1]) if found else 0
        if not found or end <= found.end() or end > len(content) or content[end - 1 : end] != b"\n":
            raise RefusedError("a header of the archive cannot be read: pack it with tar --format=ustar")
        key = found[2].decode()
        if key in seen or key not in HARMLESS | {"path"}:
            raise RefusedError(f"the archive says more than names and times ({key}): pack it with tar --format=ustar")
        seen[key], at = content[found.end() : end - 1], end
    return _whole(seen["path"]) if "path" in seen else None


def long_name(content: bytes) -> bytes:
    """Return the name that GNU tar gives the next entry. Raises RefusedError."""
    return _whole(content.removesuffix(b"\0"))


def _whole(name: bytes) -> bytes:
    if not name or b"\0" in name:
        raise RefusedError("a name in the archive is empty, or has a NUL in it: rename the file")
    return name


def _number(field: bytes) -> int | None:
    """Return an octal number; None for what is none: of what is negative, or over 8 GB, the first bit is set."""
    found = OCTAL.fullmatch(field)
    return int(found[1], 8) if found else None
