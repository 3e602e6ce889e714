"""Lists beside what is kept, to which lines are added. Nothing is lost where one cannot be."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger("aula.hand_in")
FILE_MODE = 0o640


def append(path: Path, told: Mapping[str, object]) -> None:
    """Add a line of JSON to a file. Where that is impossible it is noted in the log, and nothing else happens."""
    line = json.dumps(told).encode() + b"\n"
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
        try:
            size = os.fstat(handle).st_size
            torn = size and os.pread(handle, 1, size - 1) != b"\n"  # whoever wrote before was killed
            os.write(handle, b"\n" + line if torn else line)
        finally:
            os.close(handle)
    except OSError as error:
        reason = "there are no results at once, and the class at a glance lacks it"
        log.error("%s: cannot be written: %s: %s", path, error.strerror, reason)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what the lines of a file tell; none where there is no file. One that is damaged is passed over."""
    try:
        found = path.read_bytes().splitlines()
    except OSError:
        return
    for line in found:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            yield told
