"""The log as it is read: its entries, in their order, and what is wrong with the chain."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aula.audit.aula_audit.chain import BEGINNING, canonical, digest
from aula.audit.aula_audit.head import Head
from aula.audit.aula_audit.values import Key, Value


class _Change(BaseModel):
    """A value that a line says was changed."""

    model_config = ConfigDict(strict=True, extra="forbid")
    student: str
    assignment: str
    notebook: str
    cell: str
    field: str
    before: Value = Field(alias="from")
    after: Value = Field(alias="to")


class _Line(BaseModel):
    """A line of the log."""

    model_config = ConfigDict(strict=True, extra="forbid")
    seq: int
    hash: str
    previous: str
    kind: Literal["begin", "change"]
    at: str
    who: str
    through: str
    version: str
    run: str
    changes: tuple[_Change, ...]
    submissions: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Step:
    """One value that an entry changed."""

    key: Key
    before: Value
    after: Value


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    seq: int
    hash: str
    previous: str
    kind: str
    at: str
    who: str
    through: str
    version: str
    run: str
    steps: tuple[Step, ...]
    submissions: Mapping[tuple[str, str], str]
    """The hash of what was handed in, by student and assignment."""


@dataclass(frozen=True)
class Reading:
    """What was read, and what is wrong with it, in words."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    pending: int = 0
    """How many of the newest entries only the gradebook has: their writer was interrupted, or writes just now."""

    @property
    def newest(self) -> Entry | None:
        """The newest entry."""
        return self.entries[-1] if self.entries else None

    def values(self) -> dict[Key, Value]:
        """Return what the gradebook holds, by what the log says."""
        now: dict[Key, Value] = {}
        for step in (step for entry in self.entries for step in entry.steps):
            now[step.key] = step.after
        return {key: value for key, value in now.items() if value is not None}


def read(kept: bytes, head: Head) -> Reading:
    """Read a log's file, with what its gradebook knows of it."""
    *lines, torn = kept.split(b"\n")
    pending = _pending(lines, torn, head.pending)
    if pending:
        torn = b""
    entries: list[Entry] = []
    problems: list[str] = []
    for number, line in enumerate([*lines, *pending], 1):
        try:
            entries.append(_entry(line))
        except ValidationError as error:
            problems.append(f"line {number} of the log is not as it was written: {error.errors()[0]['msg']}")
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number} of the log is not as it was written: {error}")
    if torn:
        problems.append(f"the log ends in the middle of a line: {len(torn)} bytes that are no entry")
    problems += [*_breaks(entries), *_lacks(entries, head), *_jumps(entries)]
    return Reading(tuple(entries), tuple(problems), len(pending))


def _pending(lines: Sequence[bytes], torn: bytes, kept: Sequence[str]) -> list[bytes]:
    """Return the lines that only the gradebook has: an interrupted writer got to the first of them at most."""
    waiting = [line.encode() for line in kept]
    if lines and lines[-1] in waiting:
        waiting = waiting[waiting.index(lines[-1]) + 1 :]
    return waiting if waiting and waiting[0].startswith(torn) else []


def _entry(line: bytes) -> Entry:
    """Return a line as an entry. Raises ValueError or RecursionError where it is none, or its hash is wrong."""
    said = _Line.model_validate_json(line)
    whole = json.loads(line)
    if canonical(whole).encode() != line:
        raise ValueError("it is written in another way than the log writes")
    if said.hash != digest(whole):
        raise ValueError(f"entry {said.seq}: its hash is not that of its content")
    return Entry(
        steps=tuple(
            Step(Key(one.student, one.assignment, one.notebook, one.cell, one.field), one.before, one.after)
            for one in said.changes
        ),
        submissions={(student, assignment): own for student, assignment, own in said.submissions},
        **said.model_dump(exclude={"changes", "submissions"}),
    )


def _breaks(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield where an entry does not follow the one before."""
    if entries and (entries[0].seq, entries[0].previous) != (1, BEGINNING):
        yield f"the log begins with entry {entries[0].seq}: what was before it is gone"
    for before, after in pairwise(entries):
        if after.seq != before.seq + 1 or after.previous != before.hash:
            yield f"entry {after.seq} does not follow entry {before.seq}: entries were changed, moved or taken away"


def _lacks(entries: Sequence[Entry], head: Head) -> Iterator[str]:
    """Yield where the log's end is not what the gradebook knows as the newest entry."""
    seq, own = (entries[-1].seq, entries[-1].hash) if entries else (0, BEGINNING)
    if seq < head.seq:
        yield f"the log ends with entry {seq}, the gradebook knows {head.seq} entries: its end was cut off"
    elif seq > head.seq:
        yield f"the log has {seq} entries, the gradebook knows {head.seq}: it is an older one, or was changed"
    elif own != head.hash:
        yield f"the gradebook knows another entry {seq} than the log: one of them was changed"


def _jumps(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield where an entry begins with another value than the log knows: somebody changed it past the log."""
    now: dict[Key, Value] = {}
    for entry in entries:
        for step in entry.steps:
            if entry.kind == "change" and now.get(step.key) != step.before:
                yield (
                    f"{words(step.key)}: was {shown(now.get(step.key))} by the log, and {shown(step.before)} when "
                    f"entry {entry.seq} changed it: somebody changed it past the log before {entry.at}"
                )
            now[step.key] = step.after


def words(key: Key) -> str:
    """Return in words whose and what a value is."""
    where = ", ".join(part for part in (key.student or "everybody", key.assignment, key.cell) if part)
    return f"{where}: {key.field.replace('_', ' ')}"


def shown(value: Value) -> str:
    """Return a value for people."""
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)[:19]
