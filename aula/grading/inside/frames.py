"""Frames: a length, a JSON object, and the binary parts that the object announces."""

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

from .refused import Refused

HEAD = struct.Struct(">I")
PARTS = 1000
"""The most binary parts of one message."""
CHUNK = 1 << 20


class ClosedError(Refused):
    """The other end has gone."""


def send(sock: socket.socket, value: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Send an object and binary parts. Raises ClosedError where the other end has gone."""
    told = {**value, "parts": [len(part) for part in parts]} if parts else value
    text = json.dumps(told, separators=(",", ":")).encode()
    try:
        sock.sendall(b"".join((HEAD.pack(len(text)), text, *parts)))
    except OSError as error:
        raise ClosedError(f"the other process has ended: {error.strerror}") from error


def receive(sock: socket.socket, most: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return the next object and its binary parts, of at most so many bytes together.

    Raises ClosedError where the other end has gone, Refused where what comes is too large or no frame.
    """
    length = HEAD.unpack(_exactly(sock, HEAD.size))[0]
    if length > most:
        raise Refused(f"a message of {length:,} bytes came: {most:,} are the most")
    try:
        value = json.loads(_exactly(sock, length).decode())
    except (ValueError, RecursionError) as error:
        raise Refused(f"a message came that is no JSON: {type(error).__name__}") from None
    if type(value) is not dict:
        raise Refused("a message came that is no JSON object")
    lengths = value.pop("parts", [])
    sound = type(lengths) is list and len(lengths) <= PARTS and all(type(one) is int and one >= 0 for one in lengths)
    if not sound:
        raise Refused("a message announces its parts in no sound way")
    if length + sum(lengths) > most:
        raise Refused(f"a message of {length + sum(lengths):,} bytes came: {most:,} are the most")
    return value, [_exactly(sock, one) for one in lengths]


def _exactly(sock: socket.socket, length: int) -> bytes:
    """Return so many bytes; memory is taken as they come, not as they are announced."""
    got = bytearray()
    while len(got) < length:
        try:
            chunk = sock.recv(min(length - len(got), CHUNK))
        except OSError as error:
            raise ClosedError(f"the other process does not answer: {error.strerror or error}") from error
        if not chunk:
            raise ClosedError("the other process has ended")
        got += chunk
    return bytes(got)
