"""What came of a test, in words: for the instructor, and for the trainee, who learns nothing of a hidden test."""

import linecache
import math
import numbers
from dataclasses import dataclass, field
from typing import Any

from .stubs import RemoteObject

MOST = 300
SAID = 2_000
NEUTRAL = "A test did not pass."
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


@dataclass
class Verdict:
    """The outcome of a test cell: passed, failed or refused."""

    outcome: str
    points: float | None = None
    said: str = ""
    told: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)


def refused(why: str) -> Verdict:
    """Return the verdict on what could not be decided."""
    return Verdict("refused", None, why[:SAID], f"This test could not be decided: {why}"[:MOST])


def passed(value: Any) -> Verdict:
    """Return the verdict on a cell that ran to its end, whose last expression had this value."""
    if isinstance(value, RemoteObject) or type(value) is bool or not isinstance(value, numbers.Number):
        return Verdict("passed")
    try:
        points = float(value)  # type: ignore[arg-type]  # a complex raises
    except (TypeError, ValueError, OverflowError):
        return Verdict("passed")
    if not math.isfinite(points):
        return refused(f"the cell's last expression is {points}, which is no number of points")
    return Verdict("passed", points)


def failed(error: BaseException, file: str, home: str, *, theirs: bool) -> Verdict:
    """Return the verdict on a cell that an exception ended; theirs where the trainee's code raised it."""
    line, last = _places(error, file)
    name, message = type(error).__name__, _shown(error)
    source = linecache.getline(file, line).strip() if line else ""
    where = f"\nline {line}: {source}" if line else ""
    said = f"{name}: {message}{where}" if message else f"{name}{where}"
    told = NEUTRAL
    if theirs:
        base = next(one.__name__ for one in type(error).__mro__ if one.__module__ == "builtins")
        told = f"Your code raised {base}." if _is_hidden(file, line) else f"Your code raised {name}: {message}"
    elif isinstance(error, AssertionError) and message and last.startswith(home):
        told = message
    return Verdict("failed", None, said[:SAID], told[:MOST])


def _places(error: BaseException, file: str) -> tuple[int, str]:
    """Return the last line of the cell that the exception came by, and the file in which it was raised."""
    line, last, trace = 0, "", error.__traceback__
    while trace is not None:
        last = trace.tb_frame.f_code.co_filename
        line = trace.tb_lineno if last == file else line
        trace = trace.tb_next
    return line, last


def _is_hidden(file: str, line: int) -> bool:
    """Return whether a line of a cell lies in a region of hidden tests."""
    before = [one.strip() for one in linecache.getlines(file)[:line]]
    return before.count(BEGIN) > before.count(END)


def _shown(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  an argument that cannot be shown
        return ""
