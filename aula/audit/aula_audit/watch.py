"""Watches what programs do to a gradebook by SQLAlchemy, and writes each change of a mark into the log."""

import logging
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from . import actor, chain, head, log, values
from .values import Execute, Key, Value

Values = dict[Key, Value]
NOTED = "aula_audit"
"""Under this name a session holds what its transaction has changed so far."""
_watched: dict[str, str] = {}
"""The gradebooks that are watched, each with the version of what changes it."""


@dataclass
class Change:
    """What one transaction does: which rows it touched, and what they were before."""

    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    before: Values = field(default_factory=dict)
    taken: Values | None = None
    """All that the gradebook held, where it had no log."""
    gradebook: Path = Path()
    seq: int = 0
    lines: list[str] = field(default_factory=list)


def gradebook(path: Path | str, version: str = "") -> None:
    """From now on log what this process changes in a gradebook; `version` says by which code (else nbgrader's)."""
    _watched[str(Path(path).resolve())] = version or actor.nbgrader()
    for name, hook in _HOOKS.items():
        if not event.contains(Session, name, hook):
            event.listen(Session, name, hook)


def _path(session: Session) -> Path | None:
    """Return the gradebook that a session writes to, if that is watched."""
    if session.bind is None or session.bind.engine.dialect.name != "sqlite":
        return None
    name = session.bind.engine.url.database
    path = Path(name).resolve() if name else None
    return path if path and str(path) in _watched else None


def _execute(session: Session) -> Execute:
    """Return what runs a statement in the session's transaction."""
    connection = session.connection()
    return lambda words, more: result if (result := connection.exec_driver_sql(words, more)).returns_rows else ()


def _before_flush(session: Session, *_: object) -> None:
    """Keep what the rows hold that are about to change. Raises OSError where earlier entries cannot be written."""
    path = _path(session)
    if path is None:
        return
    changed = {
        table: {inspect(one).identity[0] for one in found}
        for table, found in _by_table(session.dirty, session.deleted).items()
    }
    if not changed and not _by_table(session.new):
        return
    change, execute = session.info.get(NOTED), _execute(session)
    if change is None:
        _catch_up(session, path, execute)
        head.claim(execute)
        change = session.info[NOTED] = Change(gradebook=path)
        if not head.read(execute).seq:
            change.taken = values.read(execute)
    unseen = {table: ids - change.rows[table] for table, ids in changed.items()}
    change.before |= values.read(execute, unseen)
    for table, ids in unseen.items():
        change.rows[table] |= ids


def _catch_up(session: Session, path: Path, execute: Execute) -> None:
    """Add to the file what it lacks of earlier entries; where that fails let the session forget what it is to write.

    Otherwise a server's next request would write it, in somebody else's name.
    """
    try:
        if pending := head.read(execute).pending:
            log.add(log.beside(path), pending)
    except OSError:
        for one in session.new:
            session.expunge(one)
        session.expire_all()
        raise


def _after_flush(session: Session, *_: object) -> None:
    """Note the rows that are new: they have their ids now."""
    if change := session.info.get(NOTED):
        for table, found in _by_table(session.new).items():
            change.rows[table] |= {one.id for one in found}


def _before_commit(session: Session) -> None:
    """Put what has changed into the gradebook's own row, in the same transaction. Raises OSError.

    What the file still lacks of an entry that somebody else has just made is added to it first.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    change = session.info.get(NOTED)
    if change is None:
        return
    execute = _execute(session)
    known = head.read(execute)
    if known.pending:
        log.add(log.beside(change.gradebook), known.pending)
    seq, own = known.seq, known.hash
    for said in _said(change, execute):
        seq += 1
        line, own = chain.sealed(said, seq, own)
        change.lines.append(line)
    change.seq = seq
    if change.lines:
        head.move(execute, seq, own, change.lines)


def _after_commit(session: Session) -> None:
    """Add the entry to the file; where that cannot be, the gradebook keeps it for the next who writes."""
    if session.in_nested_transaction():
        return
    change = session.info.pop(NOTED, None)
    if change is None or not change.lines:
        return
    try:
        log.add(log.beside(change.gradebook), change.lines)
        head.settle(change.gradebook, change.seq)
    except (OSError, sqlite3.OperationalError) as error:
        logging.getLogger(__name__).warning("the audit log's newest entry waits in the gradebook: %s", error)


def _after_rollback(session: Session) -> None:
    """Forget what did not happen."""
    session.info.pop(NOTED, None)


_HOOKS = {
    "before_flush": _before_flush,
    "after_flush": _after_flush,
    "before_commit": _before_commit,
    "after_commit": _after_commit,
    "after_rollback": _after_rollback,
}


def _by_table(*rows: Any) -> dict[str, list[Any]]:
    """Return those rows of a session that hold marks, by table."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in (one for some in rows for one in some):
        table = getattr(type(row), "__tablename__", "")
        if table in values.PARTS:
            found[table].append(row)
    return found


def _said(change: Change, execute: Execute) -> list[dict[str, Any]]:
    """Return what the entries of a transaction say: what was taken over, where there was no log, and what changed."""
    after = values.read(execute, change.rows)
    entry = partial(_entry, change.gradebook, execute)
    found = [] if change.taken is None else [entry("begin", {}, change.taken)]
    if change.before != after:
        found.append(entry("change", change.before, after))
    return found


def _entry(path: Path, execute: Execute, kind: str, before: Values, after: Values) -> dict[str, Any]:
    differ = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return {
        "kind": kind,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "who": actor.who(),
        "through": actor.through(),
        "version": _watched[str(path)],
        "run": path.parent.name,
        "changes": [{**key._asdict(), "from": before.get(key), "to": after.get(key)} for key in differ],
        "submissions": _submissions(execute, {(key.student, key.assignment) for key in differ}),
    }


def _submissions(execute: Execute, wanted: set[tuple[str, str]]) -> list[list[str]]:
    """Return student, assignment and hash of the submissions that the marks were given for, as far as known."""
    if not list(execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'aula_graded'", ())):
        return []
    rows = execute("SELECT student, assignment, digest FROM aula_graded ORDER BY student, assignment", ())
    return [[str(one) for one in row] for row in rows if (row[0], row[1]) in wanted]
