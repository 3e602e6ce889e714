"""The versions of what trainees get: when each came, what it holds, and what its author says has changed.

A history is a folder: versions.json, and in files/ each released file once, by the hash of its content. Servers of
trainees read it. It has one writer, `record`: of an assignment `aula release`, of a run's lessons `aula lessons`.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from aula.errors import ReleaseError
from aula.release.changes import Change, changes

FILE = "versions.json"
LONGEST_NOTE = 500
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Version(_Schema):
    """One version. `files` has each file's path and the hash of its content; `digest` is the hash of all of it."""

    number: Annotated[int, Field(ge=1)]
    at: AwareDatetime
    digest: Digest
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = ""
    changes: tuple[Change, ...] = ()
    files: dict[str, Digest]


class _History(_Schema):
    versions: tuple[Version, ...] = ()


def read(folder: Path) -> tuple[Version, ...]:
    """Return the versions in a history, the oldest first; none where there is no history yet.

    Raises ReleaseError for one that cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return _History.model_validate_json(path.read_text(encoding="utf-8")).versions
    except (OSError, ValidationError) as error:
        raise ReleaseError(f"{path}: is no history of versions: bring it back from a backup: {error}") from error


def record(folder: Path, files: Mapping[str, bytes], note: str = "") -> Version:
    """Return the version of these files: a new one, with the note, where they are not what was released last."""
    known = read(folder)
    digest = _digest(files)
    if known and known[-1].digest == digest:
        return known[-1]
    hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    before = content_of(folder, known[-1]) if known else None
    version = Version(
        number=len(known) + 1,
        at=datetime.now(UTC).replace(microsecond=0),
        digest=digest,
        note=checked_note(note),
        changes=changes(before, files) if before is not None else (),
        files=hashes,
    )
    for name, content in files.items():
        if not (kept := folder / "files" / hashes[name]).is_file():
            _write(kept, content)
    whole = _History(versions=(*known, version)).model_dump_json(indent=1)
    _write(folder / FILE, whole.encode() + b"\n")
    return version


def content_of(folder: Path, version: Version) -> dict[str, bytes]:
    """Return the files of a version."""
    return {name: (folder / "files" / digest).read_bytes() for name, digest in version.files.items()}


def files_of(folder: Path, parts: Iterable[str] = ("",)) -> dict[str, bytes]:
    """Return what lies in these parts of a folder, by path."""
    found = (path for part in parts for path in (folder / part).rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()}


def checked_note(note: str) -> str:
    """Return the note in one line; raise ReleaseError for one that no page would show whole."""
    line = " ".join(note.split())
    if len(line) > LONGEST_NOTE or not line.isprintable():
        raise ReleaseError(f"--note has {len(line)} characters: say in {LONGEST_NOTE} at most what has changed")
    return line


def _digest(files: Mapping[str, bytes]) -> str:
    """Return the hash of what people get: for notebooks of their cells and kernel, not of how a library wrote them."""
    told = {name: _identity(name, content) for name, content in files.items()}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _identity(name: str, content: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError, AttributeError):  # what is no notebook is a file like others
        if name.endswith(".ipynb"):
            node: dict[str, Any] = json.loads(content)
            content = json.dumps([node["cells"], node["metadata"].get("kernelspec")], sort_keys=True).encode()
    return sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write a file that everybody may read, whole or not at all."""
    for folder in (path.parent.parent, path.parent):
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(0o755)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            Path(draft.name).chmod(0o644)
            Path(draft.name).rename(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
