"""The command that shows a class at a glance."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aula.commands.command import Actions, print_json, rows

if TYPE_CHECKING:
    from aula.glance.alike import Alike
    from aula.glance.model import Class
    from aula.glance.summary import Summary


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    text = "show a class at a glance: who has begun and handed in, which tests fail, whose answers look alike"
    action = actions.add_parser("class", help=text, description=text)
    action.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    action.add_argument("--run", help="the course run's name, nbgrader's course id (default: the folder's name)")
    action.add_argument("--handed-in", type=Path, metavar="DIR", help="what was handed in of this run")
    action.add_argument("--given", type=Path, metavar="DIR", help="what this run gives: releases, feedback, due dates")
    action.add_argument("--alike", metavar="ASSIGNMENT", help="show whose answers of an assignment look alike instead")
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=_class)


def _class(options: argparse.Namespace) -> int:
    """Show it; end with 0 whatever there is to see."""
    from aula.glance import alike, reading
    from aula.glance.folders import Folders

    run_dir = options.run_dir.resolve()
    folders = Folders(run_dir, options.run or run_dir.name, options.handed_in, options.given)
    if options.alike:
        found = alike.look(folders, options.alike)
        if options.json:
            print_json(found.model_dump(mode="json"))
        else:
            print("\n".join(_pairs(found)))
        return 0
    told = reading.read(folders)
    if options.json:
        print(told.model_dump_json())  # on one line: it is for programs, and long
    else:
        print("\n".join(_lines(told)))
    return 0


def _lines(told: "Class") -> Iterator[str]:
    """Yield what people read of a class."""
    from aula.glance.summary import summarise

    found = [summarise(one, told.students, told.at) for one in told.assignments]
    titles = ("assignment", "people", "began", "handed in", "late", "graded", "by hand", "feedback", "median")
    yield rows([titles, *(_row(one) for one in found)])
    for one in found:
        failing = [tried for tried in one.tests if tried.share]
        tests = [(f"{tried.share:.0%} of {tried.people}", tried.test.text) for tried in failing]
        if tests:
            yield f"\n{one.assignment.name}: tests that fail"
            yield rows(tests)
        if one.times:
            quick, median, slow = one.times.quick, one.times.median, one.times.slow
            yield f"  half of the class needs {quick:.0f} to {slow:.0f} minutes, median {median:.0f}"
        if one.stuck:
            yield f"  may need help: {', '.join(stuck.student for stuck in one.stuck)}"


def _row(one: "Summary") -> tuple[str, ...]:
    counts = one.counts
    told = (counts.people, counts.began, counts.handed_in, counts.late, counts.graded, counts.by_hand, counts.given)
    median = "" if one.median is None else f"{one.median:g} of {one.assignment.points:g}"
    return (one.assignment.name, *map(str, told), median)


def _pairs(found: "Alike") -> Iterator[str]:
    """Yield what people read of answers that look alike."""
    if not found.pairs:
        yield f"Of {found.compared} answers no two are flagged for a look."
        return
    yield f"Of {found.compared} answers, flagged for a look. There may be good reasons:"
    pairs = [(one.a, one.b, f"{one.share:.0%} alike", " ".join(cell.name for cell in one.cells)) for one in found.pairs]
    yield rows(pairs)
