"""What `aula class` says of the course run, kept until what it reads has changed: many look, and it is asked once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FRESH_S = 20
"""After so many seconds it is asked again, whatever has changed: of released feedback no file tells."""
PATIENCE_S = 120
Stamp = tuple[tuple[int, int], ...]


class GlanceError(Exception):
    """It could not be said; the text says why."""


@dataclass(frozen=True)
class _Kept:
    stamp: Stamp
    at: float
    task: asyncio.Task[bytes]

    def is_good(self, stamp: Stamp) -> bool:
        """Whether it may be told once more."""
        failed = self.task.done() and (self.task.cancelled() or self.task.exception())
        return not failed and self.stamp == stamp and time.monotonic() - self.at < FRESH_S


class Glances:
    """Asks it, with more words or without."""

    def __init__(self, words: Sequence[str], watched: Sequence[str]) -> None:
        """`watched` are the files whose change makes it ask anew."""
        self._words = words
        self._watched = [Path(one) for one in watched]
        self._kept: dict[tuple[str, ...], _Kept] = {}

    async def look(self, *more: str) -> bytes:
        """Return what is said, as JSON. Raises GlanceError."""
        stamp = tuple(map(_stamp, self._watched))
        kept = self._kept.get(more)
        if kept is None or not kept.is_good(stamp):
            task = asyncio.get_running_loop().create_task(_said([*self._words, *more]))
            kept = self._kept[more] = _Kept(stamp, time.monotonic(), task)
        return await asyncio.shield(kept.task)

    def forget(self) -> None:
        """Ask anew the next time."""
        self._kept.clear()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


async def _said(words: Sequence[str]) -> bytes:
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise GlanceError(str(error)) from error
    try:
        said, wrong = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    except TimeoutError as error:
        process.kill()
        raise GlanceError(f"{words[0]} takes too long") from error
    if process.returncode:
        raise GlanceError(wrong.decode(errors="replace").strip()[-500:])
    return said
