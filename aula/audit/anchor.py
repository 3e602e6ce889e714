"""Anchors: the newest entry's hash, kept in a file elsewhere, so that a log cannot be cut or written anew unnoticed."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aula.audit.reading import Entry, Reading
from aula.errors import AuditError


def add(run_dir: Path, reading: Reading, file: Path) -> Entry:
    """Add the newest entry's hash to a file. Raises AuditError where the log is not whole, or empty."""
    if reading.problems:
        raise AuditError(f"nothing was anchored, for the log is not whole: {reading.problems[0]}")
    if (newest := reading.newest) is None:
        raise AuditError("nothing was anchored, for there is no log yet: the first change of a mark begins it")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"run": _run(run_dir), "seq": newest.seq, "hash": newest.hash, "at": at})
    try:
        with file.open("a", encoding="utf-8") as kept:
            kept.write(f"{line}\n")
            kept.flush()
            os.fsync(kept.fileno())
    except OSError as error:
        raise AuditError(f"{file} cannot be written: {error}") from error
    return newest


def problems(run_dir: Path, reading: Reading, file: Path) -> Iterator[str]:
    """Yield which of a course run's anchors the log does not have. Raises AuditError where the file has none."""
    known = {entry.seq: entry.hash for entry in reading.entries}
    found = [one for one in _read(file) if one["run"] == _run(run_dir)]
    if not found:
        raise AuditError(
            f"{file} has no anchor of the course run {_run(run_dir)}: name the file that it was anchored in"
        )
    for one in found:
        if known.get(one["seq"]) != one["hash"]:
            yield f"entry {one['seq']} is not the one that was anchored at {one['at']}: the log was cut or written anew"


def _read(file: Path) -> list[dict[str, Any]]:
    """Return the anchors in a file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
        return [{name: one[name] for name in ("run", "seq", "hash", "at")} for one in found]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise AuditError(f"{file} is no file of anchors: {error}") from error


def _run(run_dir: Path) -> str:
    return run_dir.resolve().name
