"""Which edition of the book this is: the version, and in a clone of git which commit."""

import shutil
import subprocess
import tomllib
from pathlib import Path


def of(root: Path, described: str | None = None) -> str:
    """Return the edition that a checkout makes, as 0.1.0-12-g40217f0; the version alone where there is no git.

    described is what git calls the commit, where that is known already.
    """
    version = str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    described = described or _described(root)
    if not described:
        return version
    return described.removeprefix("v") if "." in described else f"{version}-g{described}"


def _described(root: Path) -> str:
    """Return what git calls the commit and what has been changed since; nothing where it cannot say."""
    if not (root / ".git").exists() or not shutil.which("git"):
        return ""
    words = ["git", "-C", str(root), "describe", "--tags", "--always", "--dirty"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.strip() if done.returncode == 0 else ""
