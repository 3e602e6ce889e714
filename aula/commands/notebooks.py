"""The command that executes notebooks."""

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from aula import catalogue, changed
from aula.commands import check
from aula.commands.command import Actions, print_json, tools
from aula.errors import RunError


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    action = actions.add_parser("notebooks", help="execute every lesson and every solved assignment")
    action.add_argument("course", nargs="*", help="courses to execute (default: all)")
    action.add_argument("--out", type=Path, required=True, help="folder for executed/, report.json, junit.xml")
    action.add_argument("--parameters", metavar="NAME", help="use the parameters of this name in course.yml")
    action.add_argument(
        "--timeout", type=float, metavar="S", help="seconds each notebook may run, instead of its own limit"
    )
    action.add_argument(
        "--jobs",
        type=int,
        default=2,
        metavar="N",
        help="notebooks that compute at once on this machine; those that wait for Slurm do so beside them (default: 2)",
    )
    action.add_argument(
        "--on",
        choices=["here", "slurm"],
        default="here",
        help="execute on this machine, or as job arrays of Slurm, one for each set of resources in course.yml; "
        "nodes must see --out (default: here)",
    )
    action.add_argument("--partition", metavar="NAME", help="Slurm's partition (default: Slurm's usual one)")
    action.add_argument("--account", metavar="NAME", help="the Slurm account that pays (default: your usual one)")
    action.add_argument(
        "--max-running", type=int, metavar="N", help="most tasks of an array that run at once (default: any number)"
    )
    check.since(action)
    action.add_argument(
        "--fresh", action="store_true", help="execute all, also those of which nothing has changed since they ran clean"
    )
    action.add_argument(
        "--known",
        type=Path,
        metavar="DIR",
        help="what ran clean elsewhere, as another run's OUT-kept: notebooks of which nothing has changed are not "
        "executed again",
    )
    action.add_argument("--json", action="store_true", help="print the report instead of progress")
    action.set_defaults(action=_notebooks)


def _notebooks(options: argparse.Namespace) -> int:
    """Execute notebooks; end with 1 where any did not run clean."""
    from aula import kernel
    from aula.run import live
    from aula.run.warm import zygotes

    if options.jobs < 1 or (options.timeout is not None and options.timeout <= 0):
        raise RunError("--jobs must be at least 1 and --timeout more than 0")
    if options.max_running is not None and options.max_running < 1:
        raise RunError("--max-running must be at least 1")
    if options.on == "here" and (options.partition or options.account or options.max_running):
        raise RunError("--partition, --account and --max-running are for Slurm: add '--on slurm'")
    chosen, out = catalogue.load(options.root).chosen(options.course), options.out.resolve()
    if options.changed is not None:
        changes = changed.since(options.root, options.changed)
        chosen = tuple(changes.only(course) for course in chosen if changes.of(course.id))
    shown, around = live.display(sys.stderr), dict(os.environ)  # of which jobs get what is not settled for this machine
    on_slurm = options.on == "slurm"
    with (
        kernel.settled(tools()),
        closing(shown),
        nullcontext() if on_slurm else zygotes.waiting() as load,  # it begins while the rest is still being imported
    ):
        from aula.run import report, runner
        from aula.run.arrays.arrays import Arrays
        from aula.run.here import Here

        def start(modules: Iterable[str], name: str) -> AbstractContextManager[Path]:
            """Use the zygote that waits; where a course has another kernel, start one."""
            return nullcontext(load(modules)) if load and name == kernel.NAME else zygotes.zygote(modules, name)

        slurm = Arrays(around, options.partition, options.account, options.max_running, shown.tell)
        results = runner.run(
            chosen,
            out,
            on=Here(options.jobs, start) if load else slurm,
            parameters=options.parameters,
            limit_s=options.timeout,
            kept=None if options.fresh else out.with_name(f"{out.name}-kept"),
            known=options.known,
            tell=shown.tell,
            show=shown.look if shown.live else None,
        )
    failed = [result for result in results if result.state != "ok"]
    if options.json:
        print_json(report.summary(results))
    else:
        for result in failed:
            error = result.error.replace("In a browser: ", f"In a browser: {options.out}/")
            print(f"\n{result.state.upper()} {error}")
        print(f"{len(results) - len(failed)} of {len(results)} notebooks ran clean: {options.out}/report.json")
    return 1 if failed else 0
