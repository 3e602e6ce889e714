"""The assignments that the standing job keeps ready to be tried: two loaded sandboxes each."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from aula.errors import AulaError
from aula.grading import template
from aula.grading.attempts import Attempts, attempts
from aula.grading.limits import Limits
from aula.grading.pair import pair
from aula.grading.standing import public
from aula.grading.standing.public import Public

LIMITS = Limits(cpu_s=30, wall_s=60, memory_mb=384, file_mb=20, output_mb=1, turn_s=10.0, turn_wall_s=15.0)
"""What one hand-in may use for a result at once: when its turn is over, it gets none."""
CELL_S = 60.0
Stamp = tuple[int, ...]


@dataclass
class Ready:
    """An assignment that can be tried."""

    known: Public
    tries: Attempts
    stamp: Stamp
    ends: ExitStack


class Warm:
    """The assignments of a course run, loaded as they were released last. Its thread must be one, and stay."""

    def __init__(self, run_dir: Path, say: Callable[[str], None] = print) -> None:
        self._run_dir, self._say = run_dir, say
        self._bad: dict[str, Stamp] = {}
        self.loaded: dict[str, Ready] = {}
        """The assignments that can be tried, by name."""
        self.troubles: dict[str, str] = {}
        """Why an assignment gives no results: for its author and the operator, never for trainees."""

    def load(self, name: str) -> None:
        """Load an assignment as it was released last, unless it is; where it cannot be, it is among the troubles.

        Nothing may run in what was loaded before.
        """
        stamp = self._stamp(name)
        if self._bad.get(name) == stamp or (name in self.loaded and self.loaded[name].stamp == stamp):
            return
        self.drop(name)
        with ExitStack() as ends:
            try:
                known = public.of(template.read(self._run_dir, name))
                released = self._run_dir / "release" / name
                boxes = ends.enter_context(pair(known.template.node))
                tries = attempts(known.template, released, boxes, LIMITS, CELL_S)
            except (AulaError, OSError) as error:
                self._bad[name], self.troubles[name] = stamp, str(error)
                self._say(f"{name} gives no results: {error}")
                return
            self.loaded[name] = Ready(known, tries, stamp, ends.pop_all())
            self._say(f"{name} is ready")

    def is_stale(self, name: str) -> bool:
        """Whether an assignment that is loaded was released anew since."""
        return name in self.loaded and self.loaded[name].stamp != self._stamp(name)

    def drop(self, name: str) -> None:
        """Let go of an assignment's sandboxes, if it has any: nothing may run in them."""
        self.troubles.pop(name, None)
        self._bad.pop(name, None)
        if ready := self.loaded.pop(name, None):
            ready.ends.close()

    def close(self) -> None:
        """Let go of all sandboxes."""
        for name in [*self.loaded]:
            self.drop(name)

    def _stamp(self, name: str) -> Stamp:
        """Return what changes when an assignment is released anew."""
        found: list[int] = []
        for kind in ("source", "release"):
            path = self._run_dir / kind / name / f"{name}.ipynb"
            if path.exists():
                status = path.stat()
                found += [status.st_ino, status.st_mtime_ns, status.st_size]
        return tuple(found)
