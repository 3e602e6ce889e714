"""Files that are written beside their place and then moved there: all of them, or none."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from aula.errors import AuthorError


class Draft:
    """New files and folders for one place, and at most one file there that they replace.

    Used as a context: what was not published when it ends is gone.
    """

    def __init__(self, folder: Path) -> None:
        """Begin a draft beside what it becomes: folder must be on the same file system as every target."""
        try:
            self._place = TemporaryDirectory(dir=folder, prefix=".new-")
        except OSError as error:
            raise AuthorError(f"{folder}: cannot be written: {error.strerror}") from error
        self._moves: list[tuple[Path, Path]] = []
        self._replacement: tuple[Path, Path] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._place.cleanup()

    def file(self, target: Path, text: str) -> None:
        """Add one file."""
        self.folder(target, {"": text})

    def folder(self, target: Path, texts: dict[str, str]) -> None:
        """Add a folder with these files in it; raise where something is at its place already."""
        if target.exists() or target.is_symlink():
            raise AuthorError(f"{target}: is there already: choose another name, or remove it first")
        staged = Path(self._place.name) / str(len(self._moves))
        for name, text in texts.items():
            _write(staged / name if name else staged, text)
        self._moves.append((staged, target))

    def replace(self, target: Path, text: str) -> None:
        """Let a file that is there have another text, with the mode that it has."""
        staged = Path(self._place.name) / "replacement"
        _write(staged, text)
        staged.chmod(target.stat().st_mode & 0o777)
        self._replacement = (staged, target)

    def publish(self) -> list[Path]:
        """Move everything to its place; return the new files. Where a move fails, the earlier ones are undone."""
        done: list[tuple[Path, Path]] = []
        made: list[Path] = []
        try:
            for staged, target in self._moves:
                made += _make_parents(target)
                staged.rename(target)
                done.append((staged, target))
            if self._replacement:
                self._replacement[0].replace(self._replacement[1])
        except BaseException as error:
            for staged, target in reversed(done):
                target.rename(staged)
            for folder in reversed(made):
                folder.rmdir()
            if isinstance(error, OSError):
                raise AuthorError(
                    f"{error.filename2 or error.filename}: cannot be written: {error.strerror}"
                ) from error
            raise
        return [path for _, target in done for path in _files(target)]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above a target; return those that were not there, the outermost first."""
    missing = [folder for folder in target.parents if not folder.exists()]
    made = []
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
    return made


def _files(target: Path) -> list[Path]:
    return sorted(path for path in target.rglob("*") if path.is_file()) if target.is_dir() else [target]
