"""Random changes of a log or a gradebook, by somebody who can write both but goes past the programs."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from aula.audit.aula_audit.chain import canonical, digest

Lines = list[bytes]
COLUMNS = (
    *(("grade", column) for column in ("auto_score", "manual_score", "extra_credit")),
    ("submitted_notebook", "late_submission_penalty"),
    ("grade_cells", "max_score"),
)


def flip(chance: Random, lines: Lines) -> None:
    """Change one bit anywhere, ends of lines too."""
    kept = bytearray(b"\n".join(lines))
    kept[chance.randrange(len(kept))] ^= 1 << chance.randrange(8)
    lines[:] = bytes(kept).split(b"\n")


def delete(chance: Random, lines: Lines) -> None:
    """Take a line away."""
    del lines[chance.randrange(len(lines) - 1)]


def swap(chance: Random, lines: Lines) -> None:
    """Let two lines change places."""
    one, other = chance.sample(range(len(lines) - 1), 2)
    lines[one], lines[other] = lines[other], lines[one]


def insert(chance: Random, lines: Lines) -> None:
    """Put a line of the log in once more, somewhere else or at the same place."""
    lines.insert(chance.randrange(len(lines)), chance.choice(lines[:-1]))


def truncate(chance: Random, lines: Lines) -> None:
    """Cut the log at a line."""
    lines[:] = [*lines[: chance.randrange(len(lines) - 1)], b""]


def edit(chance: Random, lines: Lines) -> None:
    """Change what a line says, and give it the hash that it should have."""
    number = chance.randrange(len(lines) - 1)
    said = json.loads(lines[number])
    change = chance.choice(said["changes"] or [{}])  # an entry that took nothing over has none
    field = chance.choice(["who", "at", "to", "from", "student", "version", "previous", "seq"])
    if field in change:
        change[field] = chance.choice([chance.random(), "eve"])
    else:
        said[field] = chance.choice([chance.randrange(100, 200), f"eve {chance.random()}"])
    lines[number] = canonical({**said, "hash": digest(said)}).encode()


WAYS: Mapping[str, Callable[[Random, Lines], None]] = {
    one.__name__: one for one in (flip, delete, swap, insert, truncate, edit)
}


def change_log(chance: Random, path: Path, way: str) -> None:
    """Change the log in some way."""
    lines = path.read_bytes().split(b"\n")
    WAYS[way](chance, lines)
    path.write_bytes(b"\n".join(lines))


def change_gradebook(chance: Random, path: Path) -> str:
    """Give another value to any score column of any row; return which."""
    with closing(sqlite3.connect(path)) as connection, connection:
        table, column = chance.choice(COLUMNS)
        rows: list[Any] = connection.execute(f"SELECT id, {column} FROM {table} ORDER BY id").fetchall()  # noqa: S608  ours
        row, before = chance.choice(rows)
        others = [one for one in (None, 0.0, 1.0, chance.random(), before and before + 1e-9) if one != before]
        if column == "max_score":
            others = [one for one in others if one is not None]
        after = chance.choice(others)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (after, row))  # noqa: S608  ours
    return f"{table}.{column} {before} -> {after}"
