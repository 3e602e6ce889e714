"""One SQLite database, brought to a newer schema whole or not at all.

A program of its own, that `databases` runs as the account that owns the database: what lies in that account's folders
may be forged, and root has no business in it. It prints one line of JSON.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

KEPT = 3
PATIENCE_S = 30


def revision(path: Path) -> str:
    """Return the revision of a database's schema; nothing where there is no database, or none that says it."""
    if not path.is_file():
        return ""
    with closing(_open(path)) as database:
        try:
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return ""
    return str(row[0]) if row else ""


def upgrade(path: Path, wanted: str, command: Sequence[str]) -> Path:
    """Replace a database that nobody uses by its upgraded copy, and return where the old one is kept.

    `command` upgrades the database whose SQLAlchemy address stands in it as {url}. Until the very last step, a rename,
    the database is what it was: whoever is killed before may begin again.
    """
    with _alone(path.parent):
        before = revision(path)
        if before == wanted:  # by one whose `up` was killed
            return _copies(path)[-1]
        draft = _draft(path)
        words = [word.replace("{url}", f"sqlite:///{draft}") for word in command]
        done = subprocess.run(
            words, cwd=draft.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or revision(draft) != wanted:
            tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise RuntimeError(f"{' '.join(words)} did not bring it from {before} to {wanted}:\n{tail}")
        _sync(draft)
        kept = path.with_name(f"{path.name}.{time.strftime('%Y-%m-%d-%H%M%S')}.{before}")
        with contextlib.suppress(FileExistsError):  # of this very second, and so the same
            os.link(path, kept)
        draft.replace(path)
        _sync(path.parent)
        shutil.rmtree(draft.parent)
        for old in _copies(path)[:-KEPT]:
            old.unlink()
    return kept


def _draft(path: Path) -> Path:
    """Return a fresh copy of a database, in a folder of its own beside it."""
    place = path.with_name(f".{path.name}.upgrade")
    shutil.rmtree(place, ignore_errors=True)  # what a killed one left
    place.mkdir(mode=0o700)
    draft = place / path.name
    with closing(_open(path)) as source, closing(sqlite3.connect(draft)) as copy:
        source.backup(copy)
    draft.chmod(path.stat().st_mode & 0o777)
    return draft


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder: an upgrade whose `up` was killed may still be at work in it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> sqlite3.Connection:
    """Open a database for writing, never making one: what a killed program left half-way is rolled back by SQLite."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_S)


def _copies(path: Path) -> list[Path]:
    """Return the copies that upgrades have kept, the oldest first."""
    form = re.compile(re.escape(path.name) + r"\.\d{4}-\d\d-\d\d-\d{6}\.[0-9a-f]+")
    return sorted(other for other in path.parent.iterdir() if form.fullmatch(other.name))


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def main(words: Sequence[str]) -> int:
    """Answer `PATH` with its revision; do `PATH WANTED COMMAND...`."""
    path, *rest = words
    try:
        answer = {"kept": str(upgrade(Path(path), rest[0], rest[1:]))} if rest else {"revision": revision(Path(path))}
    except (OSError, sqlite3.Error, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
