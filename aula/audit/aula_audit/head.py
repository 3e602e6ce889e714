"""The newest entry as the gradebook knows it: one row in a table of its own, changed together with the marks."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from .chain import BEGINNING
from .values import Execute


class Head(NamedTuple):
    """The newest entry's number and hash, and the lines that the file may not have yet."""

    seq: int
    hash: str
    pending: tuple[str, ...] = ()


def claim(execute: Execute) -> None:
    """Make the row if it is missing. It is a write in any case: until this transaction ends nobody else can write."""
    execute(
        "CREATE TABLE IF NOT EXISTS aula_audit "
        "(one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL, pending TEXT NOT NULL)",
        (),
    )
    execute("INSERT OR IGNORE INTO aula_audit VALUES (1, 0, ?, '')", (BEGINNING,))


def read(execute: Execute) -> Head:
    """Return it; number 0 where there is none yet."""
    if list(execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'aula_audit'", ())):
        for seq, own, pending in execute("SELECT seq, hash, pending FROM aula_audit", ()):
            return Head(int(seq), str(own), tuple(str(pending).splitlines()))
    return Head(0, BEGINNING)


def move(execute: Execute, seq: int, own: str, lines: Sequence[str]) -> None:
    """Let it be a new entry, whose lines are to be added to the file."""
    execute("UPDATE aula_audit SET seq = ?, hash = ?, pending = ?", (seq, own, "\n".join(lines)))


def settle(gradebook: Path, seq: int, patience_s: float = 2.0) -> None:
    """Note that the file has all lines, unless there is a newer entry. Raises sqlite3.OperationalError."""
    with closing(sqlite3.connect(gradebook, timeout=patience_s)) as connection, connection:
        connection.execute("UPDATE aula_audit SET pending = '' WHERE seq = ?", (seq,))
