"""Writing files whole or not at all, with the owner and mode they must have from the first byte.

Some of the folders belong to accounts that we do not trust with root's rights: no link of theirs is followed.
"""

import os
import shutil
import tempfile
from pathlib import Path

from deploy.errors import DeployError


def write(path: Path, text: str, *, mode: int = 0o644, owner: str = "root", group: str = "root") -> bool:
    """Write `text` to `path` by a rename. Return whether the content changed."""
    if path.is_file() and not path.is_symlink() and path.read_text() == text:
        _own(path, os.O_RDONLY, mode, owner, group)
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            shutil.chown(handle, owner, group)
            os.fchmod(handle, mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def folder(path: Path, *, mode: int = 0o755, owner: str = "root", group: str = "root") -> Path:
    """Make a folder with its parents, and set its owner and mode."""
    path.mkdir(parents=True, exist_ok=True)
    _own(path, os.O_RDONLY | os.O_DIRECTORY, mode, owner, group)
    return path


def _own(path: Path, flags: int, mode: int, owner: str, group: str) -> None:
    """Set owner and mode of what is there, never of what a link points to."""
    try:
        handle = os.open(path, flags | os.O_NOFOLLOW)
    except OSError as error:
        if path.is_symlink():
            raise DeployError(f"{path} is a link where we need a file or folder of our own. Remove it.") from error
        raise
    try:
        shutil.chown(handle, owner, group)
        os.fchmod(handle, mode)
    finally:
        os.close(handle)
