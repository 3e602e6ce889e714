"""Where hand-ins are kept: `RUN/STUDENT/ASSIGNMENT/NUMBER/`, with `receipt.json` and `files/`.

A hand-in appears by one rename, when all of it is on the disk. One process writes, the hand-in service; whoever may
read the folders may read them through this, too.
"""

import errno
import logging
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from aula.submissions import receipts, syncing
from aula.submissions.claims import FOLDER_MODE, NAME, NEW, Claims
from aula.submissions.errors import NotThereError, ReceiptError, StoreError, TooOftenError
from aula.submissions.limits import DAY, MOST_A_DAY, SAME_WITHIN
from aula.submissions.noting import FILE_MODE, append, lines
from aula.submissions.receipts import Receipt

if TYPE_CHECKING:  # whoever only reads the store needs no cryptography: the environment of the graders has none
    from aula.submissions.keys import Key

log = logging.getLogger("aula.hand_in")
FILES = "files"
INDEX = "hand_ins.jsonl"
"""In a course run's folder: a line for each hand-in, in their order. The folders are the truth."""
NUMBER = re.compile(r"[0-9]{4,9}")
May = Callable[[int], None]
"""Is told how often somebody has handed in, and raises RefusedError where they may not again."""
EARLIEST = timedelta(microseconds=1)
"""So much later than a person's last hand-in is the next one, should the clock have been set back meanwhile."""


@dataclass(frozen=True)
class HandedIn:
    """One hand-in. `files` is what was handed in; `folder` has the receipt beside it."""

    run: str
    student: str
    assignment: str
    number: int
    at: datetime
    digest: str
    folder: Path

    @property
    def files(self) -> Path:
        """The folder of what was handed in."""
        return self.folder / FILES


class Store:
    """The hand-ins of all course runs in a folder. Who has the key may add to them."""

    def __init__(self, folder: Path, key: "Key | None" = None) -> None:
        self.folder = folder
        self._key = key
        self._claims = Claims(folder)
        self._turns: dict[tuple[str, str, str], Lock] = {}
        self._settled: set[Path] = set()

    def claim_all(self) -> None:
        """Become the one writer of all runs that are there, and clear away what a killed one left half done.

        What was kept, but not noted any more, is noted. Raises StoreError where another process writes, or where the
        folder cannot be used.
        """
        for run in self._claims.all():
            noted = {(one.get("student"), one.get("assignment"), one.get("number")) for one in lines(self._index(run))}
            for home in self._homes(run, None, None):
                for number in sorted(_numbers(home)):
                    missing = (home.parent.name, home.name, number) not in noted
                    if missing and (receipt := _receipt(home, number)):
                        self._note(receipt)

    def close(self) -> None:
        """Let another process write."""
        self._claims.close()

    def room(self, run: str) -> Path:
        """Return an empty folder for what somebody hands in; whoever asked removes what is left of it.

        Raises NotThereError where the run keeps no hand-ins, StoreError.
        """
        self._claims.claim(run)
        return _fresh(self.folder / run / NEW)

    def accept(
        self, run: str, student: str, assignment: str, files: Path, at: datetime, may: May = lambda _: None
    ) -> Receipt:
        """Keep what lies in a folder of the same file system, which moves here, and return its receipt.

        It is on the disk then. The same as this person's last hand-in, within a minute, is that one again: neither
        daily limit nor `may` is asked about it. Raises TooOftenError, NotThereError, StoreError, and what `may` does.
        """
        if self._key is None:
            raise StoreError("who keeps a hand-in needs the key of receipts")
        self._claims.claim(run)
        found = syncing.settle(files)
        with self._turns.setdefault((run, student, assignment), Lock()):
            home = self._home(run, student, assignment)
            last = max(_numbers(home), default=0)
            before = _receipt(home, last)
            if before and before.digest == receipts.digest_of(found) and abs(at - before.moment) < SAME_WITHIN:
                syncing.sync(home)
                return before
            self._check_often(home, last, at)
            may(last)
            at = max(at, before.moment + EARLIEST) if before else at
            told = {"course_run": run, "assignment": assignment, "student": student, "number": last + 1}
            receipt = receipts.sign(self._key, **told, at=receipts.write(at), files=found)
            self._put(files, receipt, home)
        self._note(receipt)
        return receipt

    def check_often(self, run: str, student: str, assignment: str, at: datetime, may: May = lambda _: None) -> None:
        """Raise what `accept` would where this person may not hand in this assignment again, but for a retry."""
        home = self._place(run, student, assignment)
        last = max(_numbers(home), default=0)
        before = _receipt(home, last)
        if not before or abs(at - before.moment) >= SAME_WITHIN:
            self._check_often(home, last, at)
            may(last)

    def submissions(self, run: str, assignment: str | None = None, student: str | None = None) -> list[HandedIn]:
        """Return what was handed in, in its order for each person and assignment. What cannot be read is left out."""
        place = self._place(run, student, assignment) if student and assignment else None
        homes = [place] if place else list(self._homes(run, assignment, student))
        return [
            HandedIn(run, home.parent.name, home.name, number, one.moment, one.digest, _numbered(home, number))
            for home in homes
            for number in sorted(_numbers(home))
            if (one := _receipt(home, number))
        ]

    def get(self, run: str, student: str, assignment: str, number: int) -> HandedIn:
        """Return one hand-in. Raises NotThereError."""
        home = self._place(run, student, assignment)
        one = _receipt(home, number)
        if one is None:
            raise NotThereError(f"there is no hand-in {number} of {assignment}: look at the list of yours")
        return HandedIn(run, student, assignment, number, one.moment, one.digest, _numbered(home, number))

    def receipt(self, one: HandedIn) -> Receipt:
        """Return the receipt of a hand-in. Raises NotThereError."""
        found = _receipt(one.folder.parent, one.number)
        if found is None:
            raise NotThereError(f"{one.folder}: its receipt is gone")
        return found

    def check(self, receipt: Receipt) -> None:
        """Raise ReceiptError, with the reason, where what is kept is not what a receipt says."""
        home = self._place(receipt.course_run, receipt.student, receipt.assignment)
        folder = _numbered(home, receipt.number)
        if _receipt(home, receipt.number) != receipt:
            raise ReceiptError(f"{folder}: there is no such hand-in, or another receipt lies with it")
        try:
            kept = syncing.hashes(folder / FILES)
        except OSError as error:
            raise ReceiptError(f"{folder}: cannot be read: {error.strerror}") from error
        changed = sorted(path for path in {*kept, *receipt.files} if kept.get(path) != receipt.files.get(path))
        if changed:
            raise ReceiptError(f"{folder}: not as it was handed in: {', '.join(changed[:5])}")

    def _index(self, run: str) -> Path:
        return self.folder / run / INDEX

    def _run(self, run: str) -> Path:
        if not NAME.fullmatch(run):
            raise NotThereError("no course run has such a name")
        return self.folder / run

    def _place(self, run: str, student: str, assignment: str) -> Path:
        if not NAME.fullmatch(student) or not NAME.fullmatch(assignment):
            raise NotThereError("nobody, and no assignment, has such a name")
        return self._run(run) / student / assignment

    def _home(self, run: str, student: str, assignment: str) -> Path:
        """Return where somebody's hand-ins of an assignment are kept, made and on the disk."""
        home = self._place(run, student, assignment)
        if home not in self._settled:
            for folder in (home.parent, home):
                with suppress(FileExistsError):
                    folder.mkdir(FOLDER_MODE)
                syncing.sync(folder.parent)
            self._settled.add(home)
        return home

    def _homes(self, run: str, assignment: str | None, student: str | None) -> Iterator[Path]:
        for home in sorted(self._run(run).glob("*/*")):
            named = NAME.fullmatch(home.parent.name) and NAME.fullmatch(home.name)
            if named and assignment in (None, home.name) and student in (None, home.parent.name):
                yield home

    def _check_often(self, home: Path, last: int, at: datetime) -> None:
        oldest = _receipt(home, last - MOST_A_DAY + 1)
        if oldest and oldest.moment > at - DAY:
            raise TooOftenError(f"you have handed this in {MOST_A_DAY} times within a day: try again tomorrow")

    def _note(self, receipt: Receipt) -> None:
        """Add a line to what whoever looks often reads on in. What is handed in is handed in without it, too."""
        wanted = {"student", "assignment", "number", "at"}
        append(self._index(receipt.course_run), receipt.model_dump(include=wanted))

    def _put(self, files: Path, receipt: Receipt, home: Path) -> None:
        draft = _fresh(self.folder / receipt.course_run / NEW)
        try:
            files.rename(draft / FILES)
            syncing.write(draft / receipts.FILE, receipt.text.encode(), FILE_MODE)  # and the folder with both names
            draft.rename(_numbered(home, receipt.number))
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if error.errno == errno.EXDEV:
                raise StoreError(f"{files}: lies on another file system: make it with Store.room") from error
            raise
        syncing.sync(home)


def _fresh(folder: Path) -> Path:
    """Return a new folder in another one. Its group is the other's: no mode is set, for that would take it away."""
    made = folder / secrets.token_hex(16)
    made.mkdir(FOLDER_MODE)
    return made


def _numbered(home: Path, number: int) -> Path:
    return home / f"{number:04}"


def _numbers(home: Path) -> list[int]:
    try:
        return [int(path.name) for path in home.iterdir() if NUMBER.fullmatch(path.name)]
    except FileNotFoundError:
        return []


def _receipt(home: Path, number: int) -> Receipt | None:
    """Return the receipt of a hand-in; None where there is none, or where it cannot be read, which is noted."""
    if number < 1:
        return None
    path = _numbered(home, number) / receipts.FILE
    try:
        return receipts.read(path)
    except FileNotFoundError:
        return None
    except (OSError, ReceiptError) as error:
        log.error("%s: %s: bring it back from a backup", path, error)
        return None
