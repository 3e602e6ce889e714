"""The list of the system's fonts, which matplotlib takes a while to make: kept between runs, as its own would be."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LISTS = "fontlist-*.json"
"""What matplotlib calls its lists: each of its versions has one."""


def give(folder: Path) -> None:
    """Put the lists that are kept where matplotlib will look for them."""
    with suppress(OSError, RuntimeError):
        folder.mkdir(parents=True, exist_ok=True)
        for kept in _cache().glob(LISTS):
            shutil.copyfile(kept, folder / kept.name)


def keep(folder: Path) -> None:
    """Keep the lists that were made there and are new. An account without a home to write in does without."""
    with suppress(OSError, RuntimeError):
        cache = _cache()
        for made in folder.glob(LISTS):
            if not (cache / made.name).exists():
                cache.mkdir(mode=0o700, parents=True, exist_ok=True)
                draft = cache / f"{made.name}.{os.getpid()}"
                shutil.copyfile(made, draft)
                draft.rename(cache / made.name)


def _cache() -> Path:
    """Return this account's folder for it. Raises RuntimeError where the account has no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "aula"
