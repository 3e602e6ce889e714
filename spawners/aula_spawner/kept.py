"""What Slurm said a moment ago, for all who would ask the same."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from aula_spawner.errors import SlurmError

PATIENCE_S = 3.0
"""For so long who asks waits for Slurm; what it has not said by then is unknown."""
MOST_KEPT = 2000

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Answers by question: each is asked for once in a while, by whoever comes first, and None while it is unknown."""

    def __init__(self, lasts: float, unknown_lasts: float | None = None) -> None:
        """Keep answers for some seconds, and that there was none for as long, or for less."""
        self._lasts, self._unknown_lasts = lasts, lasts if unknown_lasts is None else unknown_lasts
        self._known: dict[str, tuple[float, asyncio.Task[Any]]] = {}

    async def get(self, what: str, ask: Callable[[], Awaitable[Value]]) -> Value | None:
        """Return the answer, None where Slurm does not give one in time; who comes later may still find it."""
        asked, answer = self._known.get(what, (0.0, None))
        if answer is None or (answer.done() and time.monotonic() > asked + self._lasting(answer)):
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            answer = asyncio.ensure_future(_quietly(ask))
            self._known[what] = (time.monotonic(), answer)
        await asyncio.wait({answer}, timeout=PATIENCE_S)
        return answer.result() if answer.done() and not answer.cancelled() else None

    def _lasting(self, answer: asyncio.Task[Any]) -> float:
        return self._unknown_lasts if answer.cancelled() or answer.result() is None else self._lasts


async def _quietly(ask: Callable[[], Awaitable[Value]]) -> Value | None:
    try:
        return await ask()
    except SlurmError:
        return None
