"""The archive of a backup: files with owners by name, and a manifest with the digest of each at its end.

An archive may come from elsewhere: everything in it is checked before anything of it is believed.
"""

import grp
import hashlib
import io
import json
import os
import pwd
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from deploy.errors import DeployError

MANIFEST = "manifest.json"
FORMAT = 1
MOST_MANIFEST = 200 * 2**20


def write(target: Path, trees: Mapping[str, Path], instead: Mapping[Path, Path], about: Mapping[str, str]) -> int:
    """Write the folders in `trees` to a new archive that only its owner can read. Return how many files it holds.

    A file in `instead` is replaced by another one, as a database is by a consistent copy of itself. Sockets, pipes
    and devices are left out. The archive has its name only when it is whole.
    """
    draft = target.with_name(f".{target.name}.draft")
    digests: dict[str, str] = {}
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive:
            for name, folder in trees.items():
                for path in _walk(folder):
                    _add(archive, PurePosixPath(name, path.relative_to(folder)), path, instead, digests)
            manifest = json.dumps({"format": FORMAT, "about": dict(about), "sha256": digests}).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(manifest)
            archive.addfile(entry, io.BytesIO(manifest))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return len(digests)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield a folder and everything in it, without following a link."""
    yield folder
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            yield Path(where, name)


def _add(
    archive: tarfile.TarFile,
    name: PurePosixPath,
    path: Path,
    instead: Mapping[Path, Path],
    digests: dict[str, str],
) -> None:
    try:
        entry = archive.gettarinfo(path, arcname=str(name))
        if entry is None or not (entry.isdir() or entry.isreg() or entry.issym() or entry.islnk()):
            return
        if entry.islnk():  # a second name of a file: kept as a file of its own
            entry.type, entry.linkname = tarfile.REGTYPE, ""
        if not (entry.isreg() or entry.islnk()):
            archive.addfile(entry)
            return
        with instead.get(path, path).open("rb") as file:
            entry.size = os.fstat(file.fileno()).st_size
            reader = _Exactly(file, entry.size)
            archive.addfile(entry, reader)
            digests[str(name)] = reader.digest.hexdigest()
    except FileNotFoundError:
        return  # it was deleted while the class went on


class _Exactly:
    """Reads a file that may grow or shrink meanwhile as exactly so many bytes, and digests them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted).ljust(wanted, b"\0")
        self._left -= len(data)
        self.digest.update(data)
        return data


def check(source: Path, allowed: set[str]) -> dict[str, Any]:
    """Read a whole archive and return its manifest; raise DeployError for anything that is not as it should be.

    `allowed` are the first parts that names in it may have.
    """
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for entry in archive:
                if entry.name == MANIFEST:
                    manifest = _manifest(archive, entry)
                    continue
                _check_entry(entry, allowed)
                if entry.isreg():
                    found[entry.name] = _digest(archive.extractfile(entry))
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise DeployError(f"{source}: cannot be read as a backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise DeployError(f"{source}: has no manifest of this version: it is cut off, or no backup of Aula's.")
    if found != manifest["sha256"]:
        wrong = sorted(set(found.items()) ^ set(manifest["sha256"].items()))[0][0]
        raise DeployError(f"{source}: {wrong} is not what the manifest says: the backup is damaged. Take another one.")
    return manifest


def _digest(file: IO[bytes] | None) -> str:
    digest = hashlib.sha256()
    while file and (data := file.read(2**20)):
        digest.update(data)
    return digest.hexdigest()


def _manifest(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> dict[str, Any]:
    file = archive.extractfile(entry)
    if file is None or entry.size > MOST_MANIFEST:
        raise ValueError("the manifest is no file, or too large")
    document = json.load(file)
    if not isinstance(document, dict) or not isinstance(document.get("sha256"), dict):
        raise ValueError("the manifest is not one")
    return document


def _check_entry(entry: tarfile.TarInfo, allowed: set[str]) -> None:
    parts = PurePosixPath(entry.name).parts
    if entry.name.startswith("/") or ".." in parts or not parts or parts[0] not in allowed:
        raise ValueError(f"{entry.name!r} leads out of the classroom's folders")
    if not (entry.isdir() or entry.isreg() or entry.issym()):
        raise ValueError(f"{entry.name!r} is neither file, folder nor link")


def check_owners(source: Path) -> None:
    """Raise DeployError where something in a checked archive belongs to an account or group that is not here."""
    with tarfile.open(source, "r:gz") as archive:
        for entry in archive:
            if entry.name == MANIFEST:
                continue
            for lookup, name in ((pwd.getpwnam, entry.uname), (grp.getgrnam, entry.gname)):
                try:
                    lookup(name)
                except KeyError:
                    raise DeployError(
                        f"{source}: {entry.name!r} belongs to {name!r}, who has no account here. Make it first."
                    ) from None


def extract(source: Path, target: Path) -> None:
    """Lay a checked archive out in a new folder, with today's numbers of its owners; links come last."""
    target.mkdir(mode=0o700)
    late: list[tarfile.TarInfo] = []
    with tarfile.open(source, "r:gz") as archive:
        for entry in archive:
            path = target / entry.name
            if entry.name == MANIFEST:
                continue
            if entry.isreg():
                _write_file(archive, entry, path)
            elif entry.isdir():
                path.mkdir(mode=0o700, exist_ok=True)
            late.append(entry)
    for entry in late:
        if entry.issym():
            (target / entry.name).symlink_to(entry.linkname)
    for entry in reversed(late):  # a folder after what is in it: its mode may forbid writing
        path = target / entry.name
        os.chown(path, pwd.getpwnam(entry.uname).pw_uid, grp.getgrnam(entry.gname).gr_gid, follow_symlinks=False)
        if not entry.issym():
            path.chmod(entry.mode & (0o7777 if entry.isdir() else 0o777))
            os.utime(path, (entry.mtime, entry.mtime))


def _write_file(archive: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> None:
    file = archive.extractfile(entry)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        while file and (data := file.read(2**20)):
            out.write(data)
