"""Folders that hold solutions: closed to every account but the owner's and its group."""

from pathlib import Path


def make(folder: Path) -> None:
    """Make the folder if it is missing, and close it to others."""
    folder.mkdir(parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if mode & 0o007:
        folder.chmod(mode & ~0o007)
