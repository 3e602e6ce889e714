"""What trainees send: archives as an honest client packs them, and piece by piece as an attacker does."""

import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

BLOCK = 512
END = bytes(2 * BLOCK)
CELL = {"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": [], "execution_count": None}


def notebook(**changes: Any) -> bytes:
    """Return a notebook; some of it may be other than it should be."""
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL], **changes}
    return json.dumps({key: value for key, value in whole.items() if value is not ...}).encode()


def packed(files: Mapping[str, bytes | None]) -> bytes:
    """Return an archive as Python's tarfile writes it; what has no content is a folder."""
    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.mtime = 1_800_000_000.5  # type: ignore[assignment]  # as a file's time is: it gets a header of its own
            if content is None:
                entry.type = tarfile.DIRTYPE
            else:
                entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content or b""))
    return to.getvalue()


def good(**more: bytes) -> bytes:
    """Return an archive that is accepted for the assignment `sums`, with further files."""
    return packed({"sums.ipynb": notebook(), **more})


def entry(
    name: bytes, content: bytes = b"", kind: bytes = b"0", *, size: bytes | None = None, magic: bytes = b"ustar\00000"
) -> bytes:
    """Return one entry of an archive, with whatever it says of itself."""
    fields = [
        (name, 100),
        (b"0000644\0", 8),
        (b"0000000\0" * 2, 16),
        (b"%011o\0" % len(content) if size is None else size, 12),
        (b"00000000000\0", 12),
        (b" " * 8, 8),
        (kind, 1),
        (b"elsewhere" if kind in b"12" else b"", 100),
        (magic, 8),
    ]
    block = b"".join(value.ljust(width, b"\0") for value, width in fields).ljust(BLOCK, b"\0")
    block = block[:148] + b"%06o\0 " % sum(block) + block[156:]
    return block + content + bytes(-len(content) % BLOCK)


def pax(**records: str) -> bytes:
    """Return the entry that says more about the next one; `_` in a name is a point."""
    return pax_of("".join(_record(key.replace("_", "."), value) for key, value in records.items()).encode())


def pax_of(content: bytes) -> bytes:
    """Return such an entry of any content."""
    return entry(b"PaxHeaders/x", content, b"x")


def _record(key: str, value: str) -> str:
    rest = f" {key}={value}\n"
    length = len(rest) + 1
    while len(f"{length}{rest}".encode()) != length:
        length += 1
    return f"{length}{rest}"


def sums(content: bytes | None = None) -> bytes:
    """Return the entry of the assignment's notebook."""
    return entry(b"sums.ipynb", notebook() if content is None else content)
