"""The names of what is handed in: which may be used, and none twice, for any file system and any language."""

import unicodedata

from aula.submissions.errors import RefusedError, TooBigError
from aula.submissions.limits import DEEPEST_FOLDER, LONGEST_NAME, MOST_FILES

RESERVED = {"timestamp.txt", "submission_secret.txt", "receipt.json", ".aula-recording"}
"""What the platform itself puts beside a submission."""
SHOWN = 80


class Paths:
    """The paths of one hand-in, as they come. What clashes with one before is refused."""

    def __init__(self) -> None:
        self._kinds: dict[str, bool] = {}
        self._alike: dict[str, str] = {}
        self.files = self.folders = 0

    def add(self, raw: bytes, *, is_folder: bool) -> str:
        """Return the path that an entry's name means, "" for the top folder. Raises RefusedError."""
        parts = _parts(raw)
        if not parts:
            if is_folder:
                return ""
            raise RefusedError("a file has no name: give it one")
        for part in parts:
            _check(part)
        if len(parts) - 1 + is_folder > DEEPEST_FOLDER:
            raise TooBigError(f"{shown(parts[-1])} lies over {DEEPEST_FOLDER} folders deep: move it up")
        for number in range(1, len(parts)):
            self._note("/".join(parts[:number]), is_folder=True)
        path = "/".join(parts)
        if path in self._kinds and not (is_folder and self._kinds[path]):
            raise RefusedError(f"{shown(path)} is there twice: hand in one of that name")
        self._note(path, is_folder=is_folder)
        return path

    def _note(self, path: str, *, is_folder: bool) -> None:
        if path in self._kinds:
            if self._kinds[path] != is_folder:
                raise RefusedError(f"{shown(path)} is a file and a folder at once: rename one of them")
            return
        other = self._alike.setdefault(_folded(path), path)
        if other != path:
            raise RefusedError(
                f"{shown(other)} and {shown(path)} differ only in capitals or in how letters are written: rename one"
            )
        self._kinds[path] = is_folder
        self.files += not is_folder
        self.folders += is_folder
        if max(self.files, self.folders) > MOST_FILES:
            raise TooBigError(f"there are over {MOST_FILES} files or folders: hand in less")


def shown(name: str) -> str:
    """Return a name as it may stand in a message: short, and in printable characters."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def _parts(raw: bytes) -> list[str]:
    """Return the parts of a name, of which a leading `./` and a trailing slash are none."""
    try:
        name = raw.decode()
    except UnicodeDecodeError as error:
        said = shown(raw.decode(errors="replace"))
        raise RefusedError(f"the name {said} is not UTF-8: rename it with plain letters") from error
    if name.startswith("/"):
        raise RefusedError(f"{shown(name)} is an absolute path: hand in what lies in the assignment's folder")
    parts = name.removesuffix("/").split("/") if name not in ("", "/") else []
    return parts[1:] if parts[:1] == ["."] else parts


def _check(part: str) -> None:
    """Refuse a name that cannot be used, or may not."""
    if part == "..":
        raise RefusedError("a name leads out of the folder (..): hand in what lies in the assignment's folder")
    if part in ("", "."):
        raise RefusedError("a path has an empty part: pack the folder again")
    if len(part.encode()) > LONGEST_NAME:
        raise RefusedError(f"the name {shown(part)} has over {LONGEST_NAME} bytes: shorten it")
    if not part.isprintable() or "\\" in part or part != part.strip():
        raise RefusedError(
            f"the name {shown(part)} has invisible characters, a backslash, or a blank at its end: rename it"
        )
    if _folded(part) in RESERVED:
        raise RefusedError(f"{shown(part)} is a name that the platform uses itself: rename it")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
