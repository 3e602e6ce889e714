"""What was released to a course run: read where it lies, beside the folder that lessons are copied from.

Beside the folder `hpc-2026-11` lies `.versions/hpc-2026-11`: in it `lessons`, and `assignments` with one folder each.
A history is versions.json, and files/ with each file by the hash of its content.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

FOLDER = ".versions"
HASH = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")


@dataclass(frozen=True)
class Version:
    """One version of something released: its number, what its author says of it, and the hash of each of its files."""

    number: int
    at: str
    note: str
    files: dict[str, str]

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Version":
        """Take what versions.json says. Raises ValueError for a file that would not lie within its part."""
        for path, digest in given["files"].items():
            parts = PurePosixPath(path).parts
            if not parts or path.startswith("/") or any(part.startswith(".") for part in parts):
                raise ValueError(f"{path} leads elsewhere")
            if not HASH.fullmatch(digest):
                raise ValueError(f"{digest} is no hash")
        return cls(given["number"], given["at"], given["note"], given["files"])


@dataclass(frozen=True)
class Part:
    """Something that is released as a whole, and where a trainee has it: a run's lessons, or an assignment."""

    name: str
    history: Path
    home: Path
    kept: Path

    def versions(self) -> list[Version]:
        """Return its versions, the oldest first; none where the history cannot be read."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            found = json.loads((self.history / "versions.json").read_text(encoding="utf-8"))["versions"]
            return [Version.of(one) for one in found]
        return []

    def content(self, digest: str) -> bytes:
        """Return a file that was released. Raises OSError where it cannot be read, or is another one."""
        content = (self.history / "files" / digest).read_bytes()
        if sha256(content).hexdigest() != digest:
            raise OSError(f"{self.history}/files/{digest} is damaged")
        return content

    def stamp(self) -> tuple[int, bool]:
        """Return what changes when there is a new version, or when an assignment is fetched."""
        with suppress(OSError):
            return (self.history / "versions.json").stat().st_mtime_ns, self.home.is_dir()
        return 0, False


def parts(lessons: list[Path], home: Path) -> Iterator[Part]:
    """Yield what a trainee has of each course run, given the folders that their lessons are copied from.

    nbgrader puts an assignment that somebody fetches into a folder named after the run.
    """
    for folder in lessons:
        run, history = folder.name, folder.parent / FOLDER / folder.name
        mine = home / "courses" / run
        yield Part("lessons", history / "lessons", mine, mine / "kept")
        with suppress(OSError):
            names = [one.name for one in (history / "assignments").iterdir()]
            for one in [history / "assignments" / name for name in sorted(filter(NAME.fullmatch, names))]:
                yield Part(one.name, one, home / run / one.name, mine / "kept")
