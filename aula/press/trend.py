"""The trend of a notebook's run times: a line small enough for a table, and whether the last run was slow."""

from dataclasses import dataclass
from statistics import median

WIDTH, HEIGHT, EDGE = 96, 24, 3
LEAST = 3
"""How many earlier runs it takes to know what is usual."""
SLOWER, SLOWER_S = 1.5, 1.0
"""Slow is what took so many times the usual, and so many seconds more: a second is nothing on a busy machine."""


@dataclass(frozen=True)
class Trend:
    """Run times in seconds, the oldest first; the last is today's."""

    seconds: tuple[float, ...]

    @property
    def usual(self) -> float | None:
        """The median of the earlier runs; None where there are too few."""
        earlier = self.seconds[:-1]
        return median(earlier) if len(earlier) >= LEAST else None

    @property
    def slow(self) -> bool:
        """Whether the last run took much longer than is usual."""
        usual = self.usual
        return usual is not None and self.seconds[-1] > max(SLOWER * usual, usual + SLOWER_S)

    @property
    def words(self) -> str:
        """What the line shows, for who does not see it."""
        times = self.seconds
        return f"{len(times)} runs, from {min(times):.1f} to {max(times):.1f} s, the last one {times[-1]:.1f} s"

    def svg(self) -> str:
        """Return the line as SVG to stand within text; nothing where there is only one run."""
        if len(self.seconds) < 2:
            return ""
        points = list(self._points())
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        kind = "aula-trend aula-trend--slow" if self.slow else "aula-trend"
        return (
            f'<svg class="{kind}" role="img" aria-label="{self.words}" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}"><polyline points="{line}"/>'
            f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="{EDGE}"/></svg>'
        )

    def _points(self) -> list[tuple[float, float]]:
        """Return where the runs lie, from nothing at the bottom to the longest at the top."""
        step = (WIDTH - 2 * EDGE) / (len(self.seconds) - 1)
        scale = (HEIGHT - 2 * EDGE) / (max(self.seconds) or 1)
        return [(EDGE + number * step, HEIGHT - EDGE - time * scale) for number, time in enumerate(self.seconds)]
