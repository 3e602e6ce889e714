"""Whether ours gives what nbgrader gives, cell by cell: on every assignment in courses/, and on nbgrader's example.

Assignments with a job script are left out: nbgrader runs none.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from aula import catalogue, kernel, notebook
from aula.catalogue import Course
from aula.check import versions
from aula.check.view import View
from aula.release import release
from deploy.progress import say
from deploy.settings import CHECKOUT, Settings
from tests.bench.example import PARTS, hand_in_example
from tests.bench.scores import Scores, scores

Grade = Callable[[Path, str], None]
"""Grades an assignment in a course folder."""


def same(found: Sequence[Scores]) -> bool:
    """Whether all came to the same, and graded somebody at all."""
    return bool(found[0]) and all(one == found[0] for one in found)


def fresh(template: Path, run: Path) -> Path:
    """Put a copy of a course folder where that folder was released; return where."""
    shutil.rmtree(run, ignore_errors=True)
    return Path(shutil.copytree(template, run))


def alike(settings: Settings, ours: Grade, theirs: Grade) -> bool:
    """Grade every assignment that we have with both; return whether all scores are the same."""
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        template = hand_in_example(settings, Path(name))
        right = _graded_alike("nbgrader's example", template, PARTS, (ours, theirs))
    for course in catalogue.load(CHECKOUT).courses:
        with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
            template = _hand_in(course, Path(name))
            tasks = [task.name for task in course.assignments if not task.job]
            right &= _graded_alike(course.id, template, tasks, (ours, theirs))
    return right


def _hand_in(course: Course, place: Path) -> Path:
    """Release a course, hand in its solutions, its mutants, and nothing at all; return a copy to start from."""
    run = place / "run"
    with kernel.settled(Path(sys.executable).parent), View(course) as view:
        release.release(course, run)
        for task, page in ((task, page) for task, page in view.assignments if not task.job):
            mutants = [versions.mutated(page, mutant) for mutant in view.mutants(task)]
            for version in (versions.reference(page), versions.untouched(page), *mutants):
                folder = run / "submitted" / version.name / task.name
                shutil.copytree(run / "release" / task.name, folder)
                if version.name != versions.UNTOUCHED:
                    notebook.write(version.node, folder / f"{task.name}.ipynb")
    return run.rename(place / "template")


def _graded_alike(what: str, template: Path, tasks: Sequence[str], both: Sequence[Grade]) -> bool:
    found = []
    for grade in both:
        run = fresh(template, template.parent / "run")
        for task in tasks:
            grade(run, task)
        found.append(scores(run))
    right = same(found)
    say(f"  {len(found[0]):4} cells   {what:<30} {'the same scores' if right else 'OTHER SCORES'}")
    return right
