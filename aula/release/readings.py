"""All the texts that a trainee could read out of a file: plain, packed, or written as base64."""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
DEPTH = 3
# RuntimeError: a zip with a password
BROKEN = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, lzma.LZMAError, zlib.error)
PACKED = ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress))


def of(content: bytes, depth: int = DEPTH) -> Iterator[str]:
    """Yield the content as text, and what is packed in it; what is broken says nothing."""
    text = content.replace(b"\0", b"").decode("utf-8", errors="replace")
    yield text
    if depth:
        yield from in_text(text, depth)
        for inner in _unpacked(content):
            yield from of(inner, depth - 1)


def in_text(text: str, depth: int = DEPTH) -> Iterator[str]:
    """Yield what is written in a text as base64, such as a picture's or an attachment's content."""
    for run in BASE64.findall(text):
        try:
            inner = base64.b64decode(run + "=" * (-len(run) % 4))
        except binascii.Error:
            continue
        yield from of(inner, depth - 1)


def _unpacked(content: bytes) -> Iterator[bytes]:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from (archive.read(name) for name in archive.namelist())
        yield from (unpack(content) for head, unpack in PACKED if content.startswith(head))
    except (
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        zipfile.BadZipFile,
        lzma.LZMAError,
        zlib.error,
        NotImplementedError,
    ):
        return
