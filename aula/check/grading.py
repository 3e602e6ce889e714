"""Grading versions of an assignment with the stock nbgrader, as an instructor would."""

import shutil
import warnings
from pathlib import Path

from nbgrader.api import Gradebook

from aula import kernel, notebook
from aula.check.result import Points
from aula.check.versions import UNTOUCHED, Version
from aula.errors import CheckError
from aula.release.student_version import api


def grade(task: str, version: Version, tests: set[str], run_dir: Path) -> Points:
    """Hand in a version of an assignment released in run_dir and grade it; the untouched one as it was released.

    tests are the grade ids that count. Raises CheckError where nbgrader cannot grade it.
    """
    folder = run_dir / "submitted" / version.name / task
    shutil.copytree(run_dir / "release" / task, folder)
    if version.name != UNTOUCHED:
        notebook.write(version.node, folder / f"{task}.ipynb")
    grader = api(run_dir, run_dir.name)
    grader.update_config(kernel.private())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own use of its database
        outcome = grader.autograde(task, version.name)
    if not outcome["success"]:
        said = outcome.get("log") or outcome.get("error") or ""
        raise CheckError(f"assignment '{task}', version '{version.name}': nbgrader could not grade it:\n{said}")
    with Gradebook(grader.coursedir.db_url, grader.coursedir.course_id) as gradebook:
        grades = gradebook.find_submission(task, version.name).notebooks[0].grades
        return Points.of({one.name: (one.auto_score or 0.0, one.max_score) for one in grades if one.name in tests})
