"""What was released to a course run: read where it lies, beside the folder that lessons are copied from.

Beside the folder `hpc-2026-11` lies `.versions/hpc-2026-11`: in it `lessons`, and `assignments` with one folder each.
A history is versions.json, and files/ with each file by the hash of its content.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".versions"


@dataclass(frozen=True)
class Version:
    """One version of something released: its number, what its author says of it, and the hash of each of its files."""

    number: int
    at: str
    note: str
    files: dict[str, str]


@dataclass(frozen=True)
class Part:
    """Something that is released as a whole, and where a trainee has it: a run's lessons, or an assignment."""

    name: str
    history: Path
    home: Path
    kept: Path

    def versions(self) -> list[Version]:
        """Return its versions, the oldest first; none where the history cannot be read."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads((self.history / "versions.json").read_text(encoding="utf-8"))["versions"]
            return [Version(one["number"], one["at"], one["note"], one["files"]) for one in found]
        return []

    def content(self, digest: str) -> bytes:
        """Return a file that was released. Raises OSError where it cannot be read."""
        return (self.history / "files" / digest).read_bytes()

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
            for one in sorted((history / "assignments").iterdir()):
                yield Part(one.name, one, home / run / one.name, mine / "kept")
