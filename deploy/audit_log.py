"""The audit log of a course run's marks, as it was when its gradebook was copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

PLACE = Path("audit", "log.jsonl")
"""Where it lies, beside the gradebook."""


def copy(gradebook: Path, log: Path, target: Path) -> None:
    """Copy those entries that the gradebook's copy knows: marks may have been changed since it was made.

    An entry is a line. One that the gradebook keeps for the log's next writer need not be there.
    """
    with closing(sqlite3.connect(gradebook)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'aula_audit'").fetchone()
        entries = connection.execute("SELECT seq FROM aula_audit").fetchone()[0] if known else 0
    with log.open("rb") as source, target.open("wb") as out:
        out.writelines(line for _, line in zip(range(entries), source, strict=False))
