"""Counts failed attempts, at signing in or at guessing a code, and says how long to wait; it keeps only counters."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable


class Throttle:
    """At most `most` failures within `window` seconds for each key; the keys are names or addresses."""

    def __init__(
        self, most: int, window: float, *, keys: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._window, self._keys, self._clock = most, window, keys, clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def seconds_to_wait(self, key: str) -> int:
        """Return how many seconds the key must wait before it may try again, 0 if it may now."""
        times = self._recent(key)
        return math.ceil(times[0] + self._window - self._clock()) if len(times) >= self._most else 0

    def count(self, key: str) -> None:
        """Note an attempt. It is noted before the password is checked, so that a flood cannot outrun it."""
        self._failures.setdefault(key, deque(maxlen=self._most)).append(self._clock())
        self._failures.move_to_end(key)
        while len(self._failures) > self._keys:
            self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the last attempt: it was a good one."""
        times = self._failures.get(key)
        if times:
            times.pop()

    def _recent(self, key: str) -> deque[float]:
        """Return the times of the failures that still count."""
        times = self._failures.get(key, deque[float]())
        while times and times[0] + self._window <= self._clock():
            times.popleft()
        if not times:
            self._failures.pop(key, None)
        return times
