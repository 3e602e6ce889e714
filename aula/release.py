"""From MyST text to nbgrader's source folder and release, and the proof that nothing leaks."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from aula import assignment, closed, correction, leaks, notebook
from aula.catalogue import Course
from aula.course import Assignment
from aula.errors import LeakError, ReleaseError
from aula.kernelspec import Kernel

CONFIGURATION = "nbgrader_config.py"


def release(
    course: Course,
    run_dir: Path,
    run: str | None = None,
    *,
    kernel: Kernel | None = None,
    due: Mapping[str, datetime] | None = None,
    regrade: bool = False,
) -> list[Path]:
    """Release every assignment of the course into run_dir; return the folders of the released copies.

    Needs the environment of aula.kernel.settled. Released again, a changed assignment replaces the old one;
    the gradebook and what was handed in stay. run is nbgrader's course id, by default the folder's name.
    Notebooks name the kernel, if one is given. Assignments in due are due then, the others as their course says.
    Raises ReleaseError where a correction changes grade ids or points, unless regrade allows it.
    """
    run_dir, due = run_dir.resolve(), due or {}
    nodes = {task: assignment.read(course.assignment_file(task), task.points) for task in course.assignments}
    if not nodes:
        raise ReleaseError(f"course '{course.id}' has no assignments: there is nothing to release")
    _check_due(course, due)
    if not regrade:
        _check_grades(nodes, run_dir)
    if kernel:
        for node in nodes.values():
            notebook.set_kernel(node, kernel)
    try:
        closed.make(run_dir)
        _write_configuration(run_dir, run or run_dir.name)
        for task, node in nodes.items():
            _write_source(course, task, node, run_dir)
    except OSError as error:
        raise ReleaseError(f"{run_dir}: cannot be written: {error}") from error
    grader = api(run_dir, run or run_dir.name)
    released = [_generate(grader, task, node, run_dir) for task, node in nodes.items()]
    _set_due_dates(grader, nodes, due)
    return released


def _check_due(course: Course, due: Mapping[str, datetime]) -> None:
    known = [task.name for task in course.assignments]
    for name, moment in due.items():
        if name not in known:
            raise ReleaseError(f"course '{course.id}' has no assignment '{name[:60]}': it has {', '.join(known)}")
        if moment.tzinfo is None:
            raise ReleaseError(f"assignment '{name}': {moment} has no time zone: write it as 2026-11-09T22:59:00+00:00")


def _check_grades(nodes: Mapping[Assignment, NotebookNode], run_dir: Path) -> None:
    """Refuse to change silently what was released: submissions are graded by it."""
    for task, node in nodes.items():
        if found := correction.problems(run_dir / "source" / task.name / f"{task.name}.ipynb", node):
            raise ReleaseError(
                f"assignment '{task.name}' was released with other grades: {'; '.join(found)}: "
                "take this back, or release with --regrade and grade again what was handed in"
            )


def _set_due_dates(grader: NbGraderAPI, tasks: Iterable[Assignment], due: Mapping[str, datetime]) -> None:
    """Set the due dates that were given, in UTC, as nbgrader keeps them.

    Others are counted from the first release, to the end of the day (UTC); one that is set already stays.
    """
    with grader.gradebook as gradebook:
        for task in tasks:
            if task.name in due:
                moment = due[task.name].astimezone(UTC).replace(tzinfo=None)
                gradebook.update_or_create_assignment(task.name, duedate=moment)
            elif gradebook.find_assignment(task.name).duedate is None:
                day = datetime.now(UTC).date() + timedelta(days=task.due_days)
                gradebook.update_or_create_assignment(task.name, duedate=datetime.combine(day, time(23, 59)))


def _write_configuration(run_dir: Path, run: str) -> None:
    """Make run_dir an nbgrader course directory; the exchange is the site's matter."""
    text = (
        '"""The nbgrader course directory of one course run; written by `aula release`."""\n\n'
        "c = get_config()\n"
        f"c.CourseDirectory.course_id = {run!r}\n"
        f"c.CourseDirectory.root = {str(run_dir)!r}\n"
    )
    (run_dir / CONFIGURATION).write_text(text, encoding="utf-8")


def _write_source(course: Course, task: Assignment, node: NotebookNode, run_dir: Path) -> None:
    """Write the instructor's version: the notebook with its solutions, and what lies beside it."""
    text = course.assignment_file(task)
    folder = run_dir / "source" / task.name
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(text.parent, folder, ignore=shutil.ignore_patterns(text.name, ".*", "__pycache__"))
    notebook.write(node, folder / f"{task.name}.ipynb")


def api(run_dir: Path, run: str) -> NbGraderAPI:
    """Return nbgrader on this course directory, whatever configuration the account has."""
    config = Config()
    config.CourseDirectory.root = str(run_dir)
    config.CourseDirectory.course_id = run
    config.CourseDirectory.db_url = f"sqlite:///{run_dir / 'gradebook.db'}"
    # The exchange is not needed here; without a place of its own nbgrader would look for the system's.
    config.Exchange.root = str(run_dir / "source")
    return NbGraderAPI(config=config)


def _generate(grader: NbGraderAPI, task: Assignment, node: NotebookNode, run_dir: Path) -> Path:
    """Let nbgrader make the student version, and take it away again if it shows what it must not."""
    outcome = grader.generate_assignment(task.name, force=True, create=True)
    if not outcome["success"]:
        detail = outcome.get("log") or outcome.get("error") or ""
        raise ReleaseError(f"assignment '{task.name}': nbgrader made no student version:\n{detail}")
    folder = run_dir / "release" / task.name
    found = leaks.find(node, folder)
    if found:
        shutil.rmtree(folder)
        shown = "\n".join(f"  {leak}" for leak in found)
        raise LeakError(f"assignment '{task.name}': the released copy was removed, for it showed:\n{shown}")
    return folder
