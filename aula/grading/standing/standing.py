"""The standing job's work: it looks who has handed in, and answers some at once, each trainee's one by one."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aula.grading.errors import SandboxError
from aula.grading.standing import answers, page
from aula.grading.standing.inbound import Inbound, key_of
from aula.grading.standing.journal import Journal
from aula.grading.standing.signs import Signs
from aula.grading.standing.warm import Ready, Warm
from aula.release import at_once
from aula.submissions.store import HandedIn

FOLDER = Path("grading") / "at_once"
"""Where in a course run's folder the job keeps what it must not forget."""
AT_ONCE = 2
LOOKS_S = 0.1
OLD_S = 3600.0
"""Seconds after which nobody waits for a result any more."""


@dataclass(frozen=True)
class Running:
    """A hand-in that is being tried."""

    one: HandedIn
    ready: Ready
    page: Path
    began: float


class Standing:
    """Answers what is handed in of a course run, whose folders of the hand-in service are handed_in and given."""

    def __init__(self, run_dir: Path, handed_in: Path, given: Path, say: Callable[[str], None] = print) -> None:
        self._run_dir, self._feedback, self._say = run_dir, given / "feedback", say
        self._journal = Journal(run_dir / FOLDER)
        self._inbound = Inbound(handed_in, self._journal.known)
        self._signs = Signs(given, run_dir / FOLDER)
        self._warm = Warm(run_dir, say)
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._waiting: list[HandedIn] = []
        self._running: dict[Future[str], Running] = {}
        self._answered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._signs.end()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._warm.close()

    def look(self) -> bool:
        """Give out what is done, take what is new, begin what can be begun; return whether anything is left to do.

        Needs aula.kernel.settled, and one thread that calls it each time.
        """
        granted = at_once.read(self._run_dir)
        self._give_out()
        self._load(granted)
        young = time.time() - OLD_S
        new = [one for one in self._inbound.new() if one.at.timestamp() > young]
        self._waiting += [one for one in new if one.assignment in granted]
        while (one := self._next()) is not None:
            self._begin(one, granted.get(one.assignment, 0))
        troubles = {name: text for name, text in self._warm.troubles.items() if name in granted}
        self._signs.beat(granted.keys() - troubles.keys(), troubles, self._answered)
        return bool(self._waiting or self._running)

    def _load(self, granted: Mapping[str, int]) -> None:
        """Load what gives results, and let go of the rest; what was released anew waits until nothing of it runs."""
        busy = {each.one.assignment for each in self._running.values()}
        for name in {*granted, *self._warm.loaded} - busy:
            if name in granted:
                self._warm.load(name)
            else:
                self._warm.drop(name)

    def _next(self) -> HandedIn | None:
        """Take who is next out of those that wait: nobody has two at a time, who has had fewest comes first."""
        if len(self._running) >= AT_ONCE:
            return None
        busy = {each.one.student for each in self._running.values()}
        able = [one for one in self._waiting if one.student not in busy and not self._warm.is_stale(one.assignment)]
        if not able:
            return None
        one = min(able, key=lambda one: (self._journal.had(one), one.at))
        self._waiting.remove(one)
        return one

    def _begin(self, one: HandedIn, most: int) -> None:
        """Begin to answer a hand-in, unless its assignment cannot be tried, or its sender has had all results."""
        ready, left = self._warm.loaded.get(one.assignment), most - self._journal.had(one)
        target = answers.place(self._feedback, one)
        wanted = ready is not None and not target.exists()
        self._journal.note(one, counts=wanted and left > 0)
        if ready is None or not wanted:
            return
        if left <= 0:
            answers.put(page.none(ready.known, one.at.timestamp(), answers.USED_UP), target)
            return
        future = self._pool.submit(answers.answer, ready, one, left - 1)
        self._running[future] = Running(one, ready, target, time.monotonic())

    def _give_out(self) -> None:
        """Put the pages of what is done where their trainees find them."""
        for future in [future for future in self._running if future.done()]:
            each = self._running.pop(future)
            if (error := future.exception()) is None:
                text = future.result()
                self._say(f"{key_of(each.one)}: {time.monotonic() - each.began:.1f} s")
            else:
                text = page.none(each.ready.known, each.one.at.timestamp(), answers.BROKEN)
                self._say(f"{key_of(each.one)}: {type(error).__name__}: {error}")
            if isinstance(error, SandboxError):
                self._warm.drop(each.one.assignment)  # it is loaded anew
            answers.put(text, each.page)
            self._answered += 1
