"""From MyST text to nbgrader's source folder and release, and the proof that nothing leaks."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI

from aula import assignment, closed, job_script, notebook
from aula.audit.watched import watch
from aula.catalogue import Course
from aula.course import Assignment
from aula.errors import LeakError, ReleaseError
from aula.kernelspec import Kernel
from aula.recording import recording
from aula.release import at_once, correction, leaks, student_version, versions
from aula.release.student_version import Draft, api
from aula.release.versions import Version

CONFIGURATION = "nbgrader_config.py"


def release(
    course: Course,
    run_dir: Path,
    run: str | None = None,
    *,
    kernel: Kernel | None = None,
    due: Mapping[str, datetime] | None = None,
    regrade: bool = False,
    note: str = "",
    history: Path | None = None,
) -> dict[str, Version]:
    """Release every assignment of the course into run_dir; return each one's version, which is new where it changed.

    Needs the environment of aula.kernel.settled. Released again, a changed assignment replaces the old one;
    the gradebook and what was handed in stay. run is nbgrader's course id, by default the folder's name.
    Notebooks name the kernel, if one is given. Assignments in due are due then, the others as their course says.
    What was released, and the note on what changed, is kept in history, by default run_dir/versions.
    Raises ReleaseError where a correction changes grade ids or points, unless regrade allows it. Nothing is stored
    before every check has passed.
    """
    run_dir, due = run_dir.resolve(), due or {}
    nodes = {task: assignment.read(course.assignment_file(task), task.points) for task in course.assignments}
    if not nodes:
        raise ReleaseError(f"course '{course.id}' has no assignments: there is nothing to release")
    _check_due(course, due)
    note = versions.checked_note(note)
    if not regrade:
        _check_grades(nodes, run_dir)
    if kernel:
        for node in nodes.values():
            notebook.set_kernel(node, kernel)
    try:
        closed.make(run_dir)
        watch(run_dir)
        with TemporaryDirectory(dir=run_dir, prefix=".release-") as place:
            drafts = [_draft(course, task, node, Path(place)) for task, node in nodes.items()]
            _write_configuration(run_dir, run or run_dir.name)
            (run_dir / "source").mkdir(exist_ok=True)
            grader = api(run_dir, run or run_dir.name)
            _tell_gradebook(grader, drafts)
            for draft in drafts:
                _put(draft, Path(place), run_dir)
            _put_beside(course, nodes, run_dir)
        _set_due_dates(grader, nodes, due)
        at_once.write(run_dir, nodes)
        history = history or run_dir / "versions"
        return {draft.task: _keep(draft.task, run_dir, history, note) for draft in drafts}
    except OSError as error:
        raise ReleaseError(f"{run_dir}: cannot be written: {error}") from error


def _put_beside(course: Course, tasks: Iterable[Assignment], run_dir: Path) -> None:
    """Keep what is graded with notebooks: job scripts' bounds, and recordings of Slurm's commands."""
    for task in tasks:
        job_script.write(run_dir, task.name, task.job)
        recording.keep(run_dir, task.name, course.assignment_file(task).parent)


def folders(run_dir: Path, released: Mapping[str, Version]) -> list[Path]:
    """Return the folders of the released copies."""
    return [run_dir.resolve() / "release" / name for name in released]


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


def _draft(course: Course, task: Assignment, node: NotebookNode, root: Path) -> Draft:
    """Make the instructor's and the trainees' version under root; raise LeakError if that shows what it must not."""
    text, source = course.assignment_file(task), root / "source" / task.name
    shutil.copytree(text.parent, source, ignore=shutil.ignore_patterns(text.name, recording.FILE, ".*", "__pycache__"))
    notebook.write(node, source / f"{task.name}.ipynb")
    draft = student_version.make(task.name, root)
    if found := leaks.find(node, draft.folder):
        shown = "\n".join(f"  {leak}" for leak in found)
        raise LeakError(f"assignment '{task.name}': nothing was released, for the copy would show:\n{shown}")
    return draft


def _tell_gradebook(grader: NbGraderAPI, drafts: Sequence[Draft]) -> None:
    with grader.gradebook as gradebook:
        student_version.check(gradebook, drafts)
        for draft in drafts:
            student_version.record(gradebook, draft)


def _put(draft: Draft, root: Path, run_dir: Path) -> None:
    """Put the instructor's and the trainees' version where nbgrader looks for them."""
    for kind in ("source", "release"):
        target, old = run_dir / kind / draft.task, root / f"old-{kind}-{draft.task}"
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            target.rename(old)
        (root / kind / draft.task).rename(target)


def _keep(task: str, run_dir: Path, history: Path, note: str) -> Version:
    return versions.record(history / task, versions.files_of(run_dir / "release" / task), note)
