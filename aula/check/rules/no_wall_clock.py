"""Tests never grade how long something took."""

import ast
import re
from collections.abc import Iterator

from aula.check import code
from aula.check.rule import Problem, Rule
from aula.check.view import View

CLOCKS = {"time.time", "time.perf_counter", "time.monotonic", "time.process_time", "perf_counter", "monotonic"}
CLOCKS |= {"time.perf_counter_ns", "time.monotonic_ns", "time.time_ns", "datetime.now", "datetime.datetime.now"}
CLOCKS |= {"timeit.timeit", "timeit.repeat", "timeit", "default_timer", "timeit.default_timer"}
MAGIC = re.compile(r"^\s*%{1,2}time(it)?\b", re.MULTILINE)


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        for cell in (cell for cell in page.code if cell.is_test):
            lines = [code.line(cell, node) for node in ast.walk(code.tree(cell)) if code.called(node) in CLOCKS]
            lines += [cell.line + cell.source.count("\n", 0, found.start()) for found in MAGIC.finditer(cell.source)]
            for line in lines:
                yield Problem(page.path, "A test looks at the clock.", line, cell.number)


RULE = Rule(
    name="no-wall-clock",
    title="tests never grade wall-clock time",
    why="On a busy node a right answer is slow. The same work must get the same mark on every day.",
    bad="start = time.time()\ntotal(numbers)\nassert time.time() - start < 1",
    good="assert speed_up({1: 480, 2: 250}) > 1.9      # measurements that are written down",
    remedy="Grade scaling on frozen measurements; count calls or steps instead of seconds.",
    find=_find,
)
