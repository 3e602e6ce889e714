"""The page of all notebooks: when each last ran, how long, and how long it took before."""

from dataclasses import dataclass
from datetime import datetime

from aula.press.pages import text
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
HEAD = "| Notebook | Time, memory | Recent runs | Last ran |\n|---|---|---|---|"


@dataclass(frozen=True)
class Run:
    """One notebook of the book, and how it ran."""

    course: str
    title: str
    page: str  # in the book, as links name it
    result: Result
    trend: Trend


def page(runs: list[Run]) -> str:
    """Return the page, a table for each course, with a link to the page of each notebook."""
    total = sum(run.result.seconds for run in runs)
    slow = sum(run.trend.slow for run in runs)
    said = f"Notebooks in all: {len(runs)}. Time in all: {total:.0f} s. Slower than usual: {slow}."
    tables = (_table(course, runs) for course in dict.fromkeys(run.course for run in runs))
    return "\n".join([START, said, TRENDS, *tables])


def _table(course: str, runs: list[Run]) -> str:
    """Return a course's notebooks under its title."""
    rows = [_row(run) for run in runs if run.course == course]
    return "\n".join([f"## {text(course)}", "", HEAD, *rows, ""])


def _row(run: Run) -> str:
    day = datetime.fromisoformat(run.result.started).date()
    memory = f", {run.result.memory_mb}&nbsp;MB" if run.result.memory_mb else ""
    cells = [f"[{text(run.title)}]({run.page})", f"{run.result.seconds:.1f}&nbsp;s{memory}", _recent(run.trend)]
    return f"| {' | '.join([*cells, f'<time>{day}</time>'])} |"


def _recent(trend: Trend) -> str:
    """Return the line, and a word where the last run was slow."""
    if not trend.slow:
        return trend.svg() or "first run"
    return f'{trend.svg()}<strong class="aula-slow">slower than usual</strong> ({trend.usual:.1f} s)'
