"""Writing files whole or not at all, with the owner and mode they must have from the first byte."""

import os
import shutil
import tempfile
from pathlib import Path


def write(path: Path, text: str, *, mode: int = 0o644, owner: str = "root", group: str = "root") -> bool:
    """Write `text` to `path` by a rename. Return whether the content changed."""
    changed = not path.exists() or path.read_text() != text
    target = path
    if changed:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        target = Path(name)
        with os.fdopen(handle, "w") as file:
            file.write(text)
    shutil.chown(target, owner, group)
    target.chmod(mode)
    target.replace(path)
    return changed


def folder(path: Path, *, mode: int = 0o755, owner: str = "root", group: str = "root") -> Path:
    """Make a folder with its parents, and set its owner and mode."""
    path.mkdir(parents=True, exist_ok=True)
    shutil.chown(path, owner, group)
    path.chmod(mode)
    return path
