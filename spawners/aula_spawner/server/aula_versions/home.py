"""What a trainee has at home is brought to the newest version, or back to how it came. Nothing of theirs is lost."""

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from aula_versions import merge
from aula_versions.history import Part, Version

MODE = 0o644
MARK = "aula_version"
"""Where a notebook that was merged says, by a hash, with which version: others are recognised by their cells."""


class CannotWriteError(Exception):
    """The home folder is full or read-only; nothing was changed."""


class NoOriginalError(Exception):
    """A file that came with no course: there is nothing to bring it back to."""


@dataclass(frozen=True)
class Step:
    """A file to be written at home. `found` is what is there now, None for nothing; `keep` sets that aside before."""

    part: Part
    path: str
    content: bytes
    found: bytes | None
    keep: bool

    @property
    def target(self) -> Path:
        """Where the file is."""
        return Path(self.part.home, self.path)


def updates(part: Part) -> list[Step]:
    """Return what brings somebody's copy to the newest version; nothing for an assignment that was not fetched.

    Raises OSError where the home folder or the history cannot be read.
    """
    versions = part.versions()
    if len(versions) < 2 or not part.home.is_dir():
        return []
    return [step for path in versions[-1].files for step in _update(part, versions, path)]


def _update(part: Part, versions: Sequence[Version], path: str) -> Iterator[Step]:
    """Yield what is to be done about one file: nothing where the newest version has not changed it."""
    newest = versions[-1].files[path]
    older = list(dict.fromkeys(one.files[path] for one in versions if path in one.files and one.files[path] != newest))
    target, content = part.home / path, part.content(newest)
    found = _read(target)
    if found is None:
        if not older and not os.path.lexists(target):  # who took away what they once got wants it so
            yield Step(part, path, content, None, keep=False)
    elif not older or found == content:
        return
    elif sha256(found).hexdigest() in older:
        yield Step(part, path, content, found, keep=False)
    elif path.endswith(".ipynb") and (theirs := _notebook(found)):
        yield from _worked_in(part, path, theirs, [*older, newest], found)
    else:
        beside = _beside(path, versions[-1].number)
        if not os.path.lexists(part.home / beside):
            yield Step(part, beside, content, None, keep=False)


def _worked_in(part: Part, path: str, theirs: merge.Book, versions: Sequence[str], found: bytes) -> Iterator[Step]:
    """Yield what brings a notebook with work in it to the newest of these versions, given by their hashes."""
    books: list[merge.Book] = [json.loads(part.content(digest)) for digest in versions]
    known = theirs["metadata"].get(MARK)
    base = versions.index(known) if known in versions else merge.nearest(theirs, books)
    if base == len(books) - 1:
        return
    if merge.untouched(theirs, books[base]):
        yield Step(part, path, part.content(versions[-1]), found, keep=False)
        return
    whole = merge.merged(books[base], theirs, books[-1])
    whole["metadata"] = {**whole["metadata"], MARK: versions[-1]}
    yield Step(part, path, json.dumps(whole, indent=1, ensure_ascii=False).encode() + b"\n", found, keep=True)


def originals(part: Part, path: str) -> list[Step]:
    """Return what brings a file back to how the newest version has it, with the data and scripts beside it.

    Raises NoOriginalError where the newest version has no such file, OSError where something cannot be read.
    """
    versions = part.versions()
    files = versions[-1].files if versions else {}
    if path not in files:
        raise NoOriginalError(path)
    wanted = {path: files[path], **{name: digest for name, digest in files.items() if not name.endswith(".ipynb")}}
    found = {name: _read(part.home / name) for name in wanted}
    steps = [
        Step(part, name, part.content(digest), found[name], keep=found[name] is not None)
        for name, digest in wanted.items()
    ]
    return [step for step in steps if step.found != step.content]


def take(steps: Sequence[Step]) -> list[str]:
    """Write all files, or none; return where work was set aside. What was saved meanwhile is left for the next time.

    Raises CannotWriteError where there is no room for all: nothing is changed then.
    """
    drafts: list[Path] = []
    folders: dict[Path, Path] = {}
    try:
        for step in steps:
            drafts.append(_draft(step))
        folders |= {kept: _folder(kept) for kept in {step.part.kept for step in steps if step.keep}}
        asides = [_set_aside(step, folders[step.part.kept]) for step in steps if step.keep]
    except OSError as error:
        for path in drafts:
            path.unlink(missing_ok=True)
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
        raise CannotWriteError(str(error)) from error
    for step, draft in zip(steps, drafts, strict=True):
        same = _read(step.target) == step.found and (step.found is not None or not os.path.lexists(step.target))
        draft.replace(step.target) if same else draft.unlink()
    return [str(path) for path in asides]


def _draft(step: Step) -> Path:
    """Write the new content beside its place: renamed, it needs no more room."""
    step.target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=step.target.parent, prefix=".aula-", delete=False) as draft:
        try:
            draft.write(step.content)
            draft.flush()
            os.fsync(draft.fileno())
        except OSError:
            Path(draft.name).unlink()
            raise
    path = Path(draft.name)
    path.chmod(MODE)
    return path


def _folder(kept: Path) -> Path:
    """Make a folder of this moment's name."""
    name, number = time.strftime("%Y-%m-%d_%H-%M-%S"), 1
    while True:
        folder = kept / (name if number == 1 else f"{name}_{number}")
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            return folder
        number += 1


def _set_aside(step: Step, folder: Path) -> Path:
    """Give a file a second name in the folder; the first is given to the new file then."""
    aside = folder / ("" if step.part.name == "lessons" else step.part.name) / step.path
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(step.target, aside)
    except OSError:  # a file system without second names
        shutil.copy2(step.target, aside)
    return aside


def _read(path: Path) -> bytes | None:
    """Return what is in a file; None where there is none, or something else."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _notebook(content: bytes) -> dict[str, Any] | None:
    """Return a notebook; None for what is none."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        found: dict[str, Any] = json.loads(content)
        whole = isinstance(found["metadata"], dict)
        if whole and all(cell["cell_type"] and isinstance(cell["metadata"], dict) for cell in found["cells"]):
            return found if all(isinstance(cell["source"], str | list) for cell in found["cells"]) else None
    return None


def _beside(path: str, number: int) -> str:
    """Return the name of a version that is put beside a file."""
    whole = Path(path)
    return str(whole.with_name(f"{whole.stem} (version {number}){whole.suffix}"))
