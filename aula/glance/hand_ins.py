"""What the hand-in service has noted of a course run: who fetched what, and who handed in what, and when."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aula.submissions.fetches import FETCHED
from aula.submissions.noting import lines
from aula.submissions.receipts import FILE as RECEIPT
from aula.submissions.store import INDEX, Store

Whose = tuple[str, str]
"""A student and an assignment."""


@dataclass
class HandIns:
    """By student and assignment: when it was fetched for the first time, and when each was handed in, in order."""

    fetched: dict[Whose, datetime] = field(default_factory=dict)
    handed_in: dict[Whose, list[datetime]] = field(default_factory=dict)


def read(folder: Path | None) -> HandIns:
    """Return what a run's folder tells; nothing where there is none. A line that is damaged is passed over."""
    found = HandIns()
    if folder is None or not folder.is_dir():
        return found
    for whose, at in _lines(folder / FETCHED):
        found.fetched[whose] = min(at, found.fetched.get(whose, at))
    for whose, at in _lines(folder / INDEX):
        found.handed_in.setdefault(whose, []).append(at)
    if not (folder / INDEX).exists():  # the folders are the truth, and slower to read
        for one in Store(folder.parent).submissions(folder.name):
            found.handed_in.setdefault((one.student, one.assignment), []).append(one.at)
    return found


def latest(folder: Path | None, assignment: str) -> dict[str, Path]:
    """Return the files of each student's last hand-in of an assignment."""
    if folder is None:
        return {}
    numbered = sorted(folder.glob(f"[!.]*/{assignment}/[0-9]*/{RECEIPT}"))
    return {one.parents[2].name: one.parent / "files" for one in numbered}


def _lines(path: Path) -> Iterator[tuple[Whose, datetime]]:
    for told in lines(path):
        with suppress(ValueError, KeyError, TypeError):
            yield (str(told["student"]), str(told["assignment"])), datetime.fromisoformat(told["at"])
