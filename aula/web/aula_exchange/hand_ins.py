"""What the service took of a course run: each hand-in a folder with a receipt, `STUDENT/ASSIGNMENT/NUMBER`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from . import moments
from .errors import DamagedError

RECEIPT, FILES = "receipt.json", "files"


@dataclass(frozen=True)
class HandIn:
    """Something that was handed in."""

    student: str
    assignment: str
    number: int
    at: datetime
    """When it was handed in, by the service's clock, in UTC without saying so."""
    folder: Path
    files: Mapping[str, str]
    """The hash of each file, by its path, as the receipt says."""


def folders(top: Path, student: str, assignment: str) -> dict[tuple[str, str], list[Path]]:
    """Return the folders of what was handed in by each student of each assignment, the newest first.

    Both are patterns, as nbgrader's.
    """
    found: dict[tuple[str, str], list[Path]] = {}
    numbered = [path for path in top.glob(f"{student or '*'}/{assignment or '*'}/*") if path.name.isdecimal()]
    for folder in sorted(numbered, key=lambda path: int(path.name), reverse=True):
        if not folder.parts[-3].startswith("."):  # what the service is still taking in
            found.setdefault((folder.parts[-3], folder.parts[-2]), []).append(folder)
    return dict(sorted(found.items()))


def read(folder: Path) -> HandIn:
    """Return what was handed in there. Raises DamagedError where the receipt does not say it."""
    student, assignment = folder.parts[-3:-1]
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        at, files = moments.read(receipt["at"]), {str(path): str(digest) for path, digest in receipt["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{folder / RECEIPT} cannot be read: {error}") from error
    if any(PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts for path in files):
        raise DamagedError(f"{folder / RECEIPT} names a file outside its folder")
    return HandIn(student, assignment, int(folder.name), at, folder, files)


def readable(places: list[Path]) -> Iterator[HandIn]:
    """Yield those of some that can be read."""
    for place in places:
        try:
            yield read(place)
        except DamagedError:
            continue


def copy(one: HandIn, to: Path) -> None:
    """Copy its files into a folder. Raises DamagedError where one is not what the receipt says."""
    to.mkdir()
    for name, digest in one.files.items():
        try:
            content = (one.folder / FILES / name).read_bytes()
        except OSError as error:
            raise DamagedError(f"{one.folder / FILES / name} cannot be read: {error}") from error
        if sha256(content).hexdigest() != digest:
            raise DamagedError(f"{one.folder / FILES / name} is not what was handed in: its hash is another one")
        if (above := (to / name).parent) != to:
            above.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(content)
