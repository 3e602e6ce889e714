"""Which notebooks to execute, each with its parameters and a private copy of its folder."""

import ast
import json
import shutil
from collections.abc import Iterator
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from nbformat import NotebookNode

from aula import assignment, kernel, lessons, notebook
from aula.catalogue import Course
from aula.course import COMPUTES_S, Assignment, Lesson, Resources, Value
from aula.errors import RunError
from aula.grading.jobs import rehearsed
from aula.run.job import Job

OWN = "ci"
"""The set of parameters that every lesson has: its own values."""
GPU = "gpu"


def plan(
    courses: tuple[Course, ...], out: Path, parameters: str | None = None, limit_s: float | None = None
) -> list[Job]:
    """Prepare out and return the jobs of these courses, longest time limit first.

    parameters names the set of course.yml to use instead of each lesson's own defaults; limit_s replaces
    every notebook's time limit.
    """
    _check_set(courses, parameters)
    lesson_nodes = [(course, item, lesson(course, item)) for course in courses for item in course.lessons]
    task_nodes = [(course, item, _task(course, item)) for course in courses for item in course.assignments]
    old = [out / part / course.id for part in ("executed", "failed") for course in courses]
    for folder in (out / "work", *old):
        shutil.rmtree(folder, ignore_errors=True)
    jobs = [lesson_job(course, item, node, out, parameters) for course, item, node in lesson_nodes]
    jobs += [_task_job(course, item, node, out) for course, item, node in task_nodes]
    if limit_s is not None:
        jobs = [Job(**{**vars(job), "time_limit_s": limit_s}) for job in jobs]
    return sorted(jobs, key=lambda job: -job.time_limit_s)


def digest(node: NotebookNode, place: Path) -> str:
    """Return the digest of a notebook's cells and of the files that it may read in place."""
    cells = [(cell.cell_type, cell.source, cell.metadata) for cell in node.cells]
    files = sorted(path for path in place.rglob("*") if path.is_file())
    beside = [(str(path.relative_to(place)), sha256(path.read_bytes()).hexdigest()) for path in files]
    return sha256(json.dumps([cells, beside], sort_keys=True).encode()).hexdigest()


def _check_set(courses: tuple[Course, ...], name: str | None) -> None:
    """Refuse a set of parameters that no lesson has."""
    known = sorted({OWN, *(key for course in courses for item in course.lessons for key in item.parameters)})
    if name is not None and name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
        raise RunError(f"no lesson has parameters named '{name}' in its course.yml: {hint}")


def lesson(course: Course, item: Lesson) -> NotebookNode:
    """Return the lesson, once every set of parameters in course.yml, and of resources, is known to fit it."""
    node = notebook.lesson(course.lesson_file(item))
    known = sorted(_defaults(course.lesson_file(item), node))
    for set_name, values in item.parameters.items():
        for name in values:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"it has: {', '.join(known) or 'none'}"
                raise RunError(
                    f"{course.folder / 'course.yml'}: lesson '{item.file}', parameters '{set_name}': unknown "
                    f"parameter '{name}': the lesson's cell tagged 'parameters' does not set it: {hint}"
                )
    sets = sorted({OWN, *item.parameters})
    for set_name in item.resources:
        if set_name not in sets:
            near = get_close_matches(set_name, sets, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sets)}"
            raise RunError(
                f"{course.folder / 'course.yml'}: lesson '{item.file}', resources '{set_name}': no such set of "
                f"parameters: {hint}"
            )
    return node


def _defaults(path: Path, node: NotebookNode) -> Iterator[str]:
    """Yield the names that the cell tagged parameters sets."""
    cells = [cell for cell in node.cells if "parameters" in notebook.tags(cell)]
    if len(cells) > 1:
        raise RunError(f"{path}: {len(cells)} cells are tagged 'parameters': keep one")
    try:
        statements = ast.parse(cells[0].source).body if cells else []
    except SyntaxError as error:
        raise RunError(f"{path}: the cell tagged 'parameters' is not plain Python: {error}") from error
    for statement in statements:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _task(course: Course, item: Assignment) -> NotebookNode:
    return assignment.read(course.assignment_file(item), item.points)


def lesson_job(course: Course, item: Lesson, node: NotebookNode, out: Path, parameters: str | None = None) -> Job:
    """Lay out a private copy of the course's lessons and data, as trainees get them."""
    place = out / "work" / course.id / item.file
    lessons.copy_files(course, place)
    values: dict[str, Value] = item.parameters.get(parameters, {}) if parameters else {}
    executed = out / "executed" / course.id / "lessons" / f"{item.file}.ipynb"
    source, limit_s = digest(node, place), item.time_limit_s
    needs = resources(course, item.resources.get(parameters or OWN), gpus=int(parameters == GPU))
    job = Job(
        course.id,
        "lessons",
        item.file,
        place,
        place / "lessons",
        executed,
        limit_s,
        values,
        source,
        needs,
        kernel.of(node),
        item.waits,
    )
    notebook.write(node, job.notebook)
    return job


def resources(course: Course, own: Resources | None = None, gpus: int = 0) -> Resources:
    """Return what a notebook asks of Slurm: what it says itself, else what a trainee's server has."""
    profile = course.contract.profile
    usual = Resources(cores=profile.cores, memory_gb=profile.memory_gb, gpus=gpus)
    return usual.model_copy(update=own.model_dump(exclude_none=True)) if own else usual


def _task_job(course: Course, item: Assignment, node: NotebookNode, out: Path) -> Job:
    """Lay out a private copy of the assignment's folder: only that travels to the trainee."""
    text = course.assignment_file(item)
    place = out / "work" / course.id / f"assignment-{item.name}"
    shutil.copytree(text.parent, place, ignore=shutil.ignore_patterns(text.name, ".*", "__pycache__"))
    executed = out / "executed" / course.id / "assignments" / f"{item.name}.ipynb"
    source = digest(node, place)
    rehearsed.given(node, item.job, text.parent)
    needs = resources(course)
    limit_s, on = COMPUTES_S, kernel.of(node)
    job = Job(course.id, "assignments", item.name, place, place, executed, limit_s, {}, source, needs, on)
    notebook.write(node, job.notebook)
    return job
