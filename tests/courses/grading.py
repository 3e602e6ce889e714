"""Grading versions of an assignment with the stock nbgrader, as an instructor would."""

import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from aula import assignment, marks, notebook
from aula.catalogue import Course
from aula.course import Assignment
from aula.release import api

REFERENCE, UNTOUCHED = "reference", "untouched"


@dataclass(frozen=True)
class Score:
    """What nbgrader gave without a person's help, and what it could have given."""

    points: float
    possible: float


def mutants(course: Course, task: Assignment) -> list[Path]:
    """Return the wrong answers that the course keeps for this assignment."""
    return sorted((course.folder / "mutants" / task.name).glob("*.md"))


def mutated(reference: NotebookNode, mutant: Path) -> NotebookNode:
    """Return the reference with the mutant's answers in place of its own."""
    answers = {marks.of(cell)["grade_id"]: cell.source for cell in notebook.read(mutant).cells if marks.of(cell)}
    cells = {marks.of(cell)["grade_id"]: cell for cell in reference.cells if marks.of(cell)}
    assert answers, f"{mutant}: replaces no answer"
    assert set(answers) <= set(cells), f"{mutant}: has grade ids that the assignment has not"
    for name, source in answers.items():
        cells[name].source = source
    return reference


def versions(course: Course, task: Assignment) -> list[str]:
    """Return the names of all versions that are graded: reference, untouched, and every mutant's."""
    return [REFERENCE, UNTOUCHED, *(path.stem for path in mutants(course, task))]


def grade(course: Course, task: Assignment, version: str, run_dir: Path) -> Score:
    """Hand in one version of an assignment released in run_dir and grade it."""
    folder = run_dir / "submitted" / version / task.name
    shutil.copytree(run_dir / "release" / task.name, folder)
    node = assignment.read(course.assignment_file(task), task.points)
    if version not in (REFERENCE, UNTOUCHED):
        node = mutated(node, course.folder / "mutants" / task.name / f"{version}.md")
    if version != UNTOUCHED:
        notebook.write(node, folder / f"{task.name}.ipynb")
    grader = api(run_dir, run_dir.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own use of its database
        outcome = grader.autograde(task.name, version)
    assert outcome["success"], outcome.get("log") or outcome.get("error")
    with Gradebook(grader.coursedir.db_url, grader.coursedir.course_id) as gradebook:
        grades = gradebook.find_submission(task.name, version).notebooks[0].grades
        automatic = [grade for grade in grades if grade.cell.cell_type == "code"]
        return Score(sum(g.auto_score or 0 for g in automatic), sum(g.max_score for g in automatic))
