"""What each command of `aula` does: calls the part, and tells its result."""

import argparse
import json
import os
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from aula import catalogue, course_file, yaml_file
from aula.errors import RunError, SiteError
from aula.kernelspec import Kernel
from aula.site import reference
from aula.site.schema import Site


def courses(options: argparse.Namespace) -> int:
    """List the courses with their lessons and assignments, or print what their contracts may say."""
    if options.schema or options.reference:
        print(course_file.schema() if options.schema else course_file.page(), end="")
        return 0
    found = catalogue.load(options.root).courses
    if options.json:
        _print({"courses": [{"id": item.id, **item.contract.model_dump(mode="json")} for item in found]})
        return 0
    for course in found:
        print(f"{course.id}: {course.title}")
        for lesson in course.lessons:
            print(f"  lesson {lesson.file}, {lesson.minutes_teaching} + {lesson.minutes_exercises} min")
        for task in course.assignments:
            print(f"  assignment {task.name}, {task.points:g} points: {task.title}")
    return 0


def release(options: argparse.Namespace) -> int:
    """Release a course's assignments into a course run."""
    from aula import kernel, release, versions  # nbgrader takes a second to import

    course = catalogue.load(options.root).course(options.course)
    with kernel.settled(_tools()):
        released = release.release(
            course,
            options.run_dir,
            options.run,
            kernel=_kernel(options),
            due=dict(options.due),
            regrade=options.regrade,
            note=options.note,
            history=options.history,
        )
    folders = release.folders(options.run_dir, released)
    if options.json:
        told = {name: version.model_dump(mode="json", exclude={"files"}) for name, version in released.items()}
        _print({"released": [str(folder) for folder in folders], "versions": told})
        return 0
    for folder, version in zip(folders, released.values(), strict=True):
        print(f"released: {folder} (version {version.number}, {version.at:%Y-%m-%d %H:%M} UTC)")
        for line in filter(None, (version.note, *map(str, version.changes))):
            print(f"  {line}")
        if options.note and version.note != versions.checked_note(options.note):
            print("  nothing has changed since: the note is not kept")
    return 0


def lessons(options: argparse.Namespace) -> int:
    """Write a course's lessons as notebooks."""
    from aula import lessons

    course = catalogue.load(options.root).course(options.course)
    paths = lessons.deliver(course, options.to, run=options.run, kernel=_kernel(options), note=options.note)
    _tell(options.json, "lessons", paths)
    return 0


def notebooks(options: argparse.Namespace) -> int:
    """Execute notebooks; end with 1 where any did not run clean."""
    from aula import kernel
    from aula.run import live, report, runner
    from aula.run.arrays.arrays import Arrays
    from aula.run.here import Here

    if options.jobs < 1 or (options.timeout is not None and options.timeout <= 0):
        raise RunError("--jobs must be at least 1 and --timeout more than 0")
    if options.max_running is not None and options.max_running < 1:
        raise RunError("--max-running must be at least 1")
    if options.on == "here" and (options.partition or options.account or options.max_running):
        raise RunError("--partition, --account and --max-running are for Slurm: add '--on slurm'")
    chosen, out = catalogue.load(options.root).chosen(options.course), options.out.resolve()
    shown, around = live.display(sys.stderr), dict(os.environ)  # of which jobs get what is not settled for this machine
    slurm = Arrays(around, options.partition, options.account, options.max_running, shown.tell)
    with kernel.settled(_tools()), closing(shown):
        results = runner.run(
            chosen,
            out,
            on=slurm if options.on == "slurm" else Here(options.jobs),
            parameters=options.parameters,
            limit_s=options.timeout,
            kept=None if options.fresh else out.with_name(f"{out.name}-kept"),
            tell=shown.tell,
            show=shown.look if shown.live else None,
        )
    failed = [result for result in results if result.state != "ok"]
    if options.json:
        _print(report.summary(results))
    else:
        for result in failed:
            print(f"\n{result.state.upper()} {result.error}")
        print(f"{len(results) - len(failed)} of {len(results)} notebooks ran clean: {options.out}/report.json")
    return 1 if failed else 0


def site_show(options: argparse.Namespace) -> int:
    """Print a site.yml, checked and whole."""
    _print(yaml_file.read(options.file, Site, SiteError).model_dump(mode="json"))
    return 0


def site_check(options: argparse.Namespace) -> int:
    """Try a site; end with 1 where anything failed."""
    from aula.site.check import everything

    site = yaml_file.read(options.file, Site, SiteError)
    if os.geteuid() != 0:
        raise SiteError("the check acts in the names of the site's accounts: run it as root, on the service node")
    outcomes = []
    for outcome in everything.check(site, options.state):
        outcomes.append(outcome)
        if not options.json:
            print(everything.line(outcome), flush=True)
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if options.json:
        _print({"well": not failed, "checks": [asdict(outcome) for outcome in outcomes]})
    else:
        print(f"\n{len(failed)} of {len(outcomes)} checks failed." if failed else "\nThe site is ready.")
    return 1 if failed else 0


def site_reference(_: argparse.Namespace) -> int:
    """Print the reference page of site.yml."""
    print(reference.page(), end="")
    return 0


def _tools() -> Path:
    """Return the folder of the commands installed beside our interpreter, as alembic."""
    return Path(sys.executable).parent


def _kernel(options: argparse.Namespace) -> Kernel | None:
    """Return the kernel that notebooks are to name; None where no title of one was given."""
    if options.kernel_title is None:
        return None
    if options.run is None:
        raise RunError("--kernel-title needs --run: a kernel has its course run's name")
    return Kernel(options.run, options.kernel_title)


def _tell(as_json: bool, what: str, paths: list[Path]) -> None:
    if as_json:
        _print({what: [str(path) for path in paths]})
    else:
        for path in paths:
            print(f"{what}: {path}")


def _print(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
