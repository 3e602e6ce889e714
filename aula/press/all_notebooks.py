"""The page of all notebooks: when each last ran, how long, and how long it took before."""

from dataclasses import dataclass
from datetime import datetime

from aula.pages import text
from aula.press.trend import Trend
from aula.run.job import Result

START = """\
# When each notebook last ran

Nothing is in this book whose code did not run clean, from the text that is in it today: no failure, no warning, \
within its time. Of an assignment its solution ran, with all its tests.
"""
TRENDS = """
The line of a notebook is its last runs with the same values on the same kind of machine, the oldest at the left. A \
notebook is *slower than usual* where its last run took half as long again as the middle one of the earlier runs, and \
a second more.
"""
HEAD = "| Course | Notebook | Last ran | Time | Recent runs | Memory | State |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Run:
    """One notebook of the book, and how it ran."""

    course: str
    title: str
    page: str  # in the book, as links name it
    result: Result
    trend: Trend


def page(runs: list[Run]) -> str:
    """Return the page, with a link to the page of each notebook; its dates take one line on a phone."""
    total = sum(run.result.seconds for run in runs)
    slow = sum(run.trend.slow for run in runs)
    said = f"Notebooks in all: {len(runs)}. Time in all: {total:.0f} s. Slower than usual: {slow}."
    return "\n".join([START, said, TRENDS, HEAD, *(_row(run) for run in runs), ""])


def _row(run: Run) -> str:
    day = datetime.fromisoformat(run.result.started).date()
    memory = f"{run.result.memory_mb} MB" if run.result.memory_mb else ""
    cells = [text(run.course), f"[{text(run.title)}]({run.page})", f"<time>{day}</time>"]
    cells += [f"{run.result.seconds:.1f} s", run.trend.svg() or "first run", memory, _state(run.trend)]
    return f"| {' | '.join(cells)} |"


def _state(trend: Trend) -> str:
    """Return how it ran: clean, for nothing else is in the book, and whether it was slow."""
    if not trend.slow:
        return "clean"
    return f'clean, <strong class="aula-slow">slower than usual</strong>: {trend.usual:.1f} s'
