"""The command that grades what was handed in."""

import argparse
import os
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from aula.commands.command import Actions, print_json, tools

if TYPE_CHECKING:
    from aula.grading.mark import Graded
    from aula.grading.work import Place

OF_A_TASK = 2
"""Submissions that a task of Slurm tries at once."""


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    text = "grade what was handed in of an assignment, in a sandbox, into the course run's gradebook"
    action = actions.add_parser("grade", help=text, description=text)
    action.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    action.add_argument("assignment", help="the assignment's name")
    action.add_argument("student", nargs="*", help="whose to grade (default: all that have changed since)")
    action.add_argument("--run", help="the course run's name, nbgrader's course id (default: the folder's name)")
    action.add_argument("--again", action="store_true", help="grade also what is graded already and has not changed")
    action.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help=f"how many at once; on Slurm in each task (default: the cores of this machine; on Slurm {OF_A_TASK})",
    )
    action.add_argument(
        "--on",
        choices=["here", "slurm"],
        default="here",
        help="grade on this machine, or as a job array of Slurm, whose nodes must see RUN_DIR (default: here)",
    )
    action.add_argument("--partition", metavar="NAME", help="Slurm's partition (default: Slurm's usual one)")
    action.add_argument("--account", metavar="NAME", help="the Slurm account that pays (default: your usual one)")
    action.add_argument("--json", action="store_true", help="print one JSON object")
    action.set_defaults(action=_grade)


def _grade(options: argparse.Namespace) -> int:
    """Grade; end with 0 whatever the points: a submission that fails its tests is graded."""
    from aula import kernel, plain_nbgrader
    from aula.grading import pair
    from aula.grading.errors import GradingError

    on_slurm = options.on == "slurm"
    if not on_slurm and (options.partition or options.account):
        raise GradingError("--partition and --account are for Slurm: add '--on slurm'")
    if options.jobs is not None and options.jobs < 1:
        raise GradingError("--jobs must be at least 1")
    run_dir, around = options.run_dir.resolve(), dict(os.environ)  # what jobs get is not settled for this machine
    jobs = options.jobs or (OF_A_TASK if on_slurm else os.cpu_count() or 1)
    sandboxes = nullcontext() if on_slurm else pair.begun(run_dir, options.assignment)
    with kernel.settled(tools()), sandboxes as begun:
        plain_nbgrader.load()  # it takes half a second, and what follows as long: the sandboxes load meanwhile
        from aula.grading.batch import Batch
        from aula.grading.here import Here

        place: Place = Here(begun)
        if on_slurm:
            from aula.grading.arrays.arrays import Arrays

            place = Arrays(around, options.partition, options.account)
        batch = Batch(run_dir, options.run or run_dir.name, options.assignment, jobs, options.again, place=place)
        graded = batch.grade(options.student, (lambda _: None) if options.json else print)
    if options.json:
        print_json({"graded": [_told(one) for one in graded]})
    else:
        print(f"{len(graded)} graded." if graded else "Nothing has changed since it was graded.")
    return 0


def _told(graded: "Graded") -> dict[str, object]:
    """Return what came of a submission, without the notebook."""
    marks = {name: asdict(mark) for name, mark in graded.marks.items()}
    said = {name: getattr(graded, name) for name in ("student", "points", "digest", "seconds")}
    return {**said, "marks": marks, "unanswered": sorted(graded.unanswered), "notes": list(graded.notes)}
