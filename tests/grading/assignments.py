"""A small course of two assignments, numpy and pandas, that submissions are made of."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aula import catalogue, marks, notebook
from aula.release import release
from tests.aula.check import good_course
from tests.grading import curves_answers, tables_answers

TEXTS = Path(__file__).parent / "texts"
TASKS = ("curves", "tables")
ANSWERS = {**curves_answers.ANSWERS, **tables_answers.ANSWERS}
CONTRACT = good_course.CONTRACT.partition("assignments:")[0].replace("minutes: 60", "minutes: 90") + (
    "assignments:\n"
    "  - {name: curves, title: What the cold rooms say, points: 17, minutes: 30, due_days: 7}\n"
    "  - {name: tables, title: Who brings the money, points: 15, minutes: 30, due_days: 7}\n"
)


def write_course(root: Path) -> Path:
    """Write the course under root/courses, good enough for `aula check`; return its folder."""
    folder = good_course.write_course(root)
    for kind in ("assignments", "mutants"):
        shutil.rmtree(folder / kind)
    (folder / "course.yml").write_text(CONTRACT, encoding="utf-8")
    shutil.copytree(TEXTS, folder / "assignments")
    for grade_id, answer in ANSWERS.items():
        for mistake, wrong in answer.wrong.items():
            path = folder / "mutants" / answer.task / f"{grade_id}-{mistake}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_mutant(grade_id, wrong), encoding="utf-8")
    return folder


def release_course(root: Path, run_dir: Path) -> dict[str, NotebookNode]:
    """Write the course under root and release it into run_dir; return the student version of each assignment.

    Needs the environment of aula.kernel.settled.
    """
    folder = write_course(root)
    release.release(catalogue.load(root).course(folder.name), run_dir)
    return {task: nbformat.read(run_dir / "release" / task / f"{task}.ipynb", as_version=4) for task in TASKS}


def source(task: str) -> NotebookNode:
    """Return an assignment as its author has it: with solutions and hidden tests."""
    return notebook.read(TEXTS / task / f"{task}.md")


def tests(task: str) -> dict[str, dict[str, float]]:
    """Return for each answer in code the tests that look at it, with their points."""
    found: dict[str, dict[str, float]] = {}
    latest: dict[str, float] = {}
    for said in (marks.of(cell) for cell in source(task).cells if cell.cell_type == "code"):
        if said.get("solution"):
            latest = found.setdefault(str(said["grade_id"]), {})
        elif said.get("grade"):
            latest[str(said["grade_id"])] = float(str(said["points"]))
    return found


def _mutant(grade_id: str, text: str) -> str:
    head = f"{{grade: false, grade_id: {grade_id}, locked: false, solution: true, schema_version: 3}}"
    return f"```{{code-cell}}\n:nbgrader: {head}\n{text}```\n"
