"""What a gradebook says of each cell of each submission."""

from pathlib import Path

from nbgrader.api import Gradebook

Scores = dict[tuple[str, str, str, str], tuple[float | None, bool]]
"""By student, assignment, notebook and cell: the automatic score, and whether a person has to look."""


def scores(run: Path) -> Scores:
    """Return the scores in a course folder's gradebook."""
    found: Scores = {}
    with Gradebook(f"sqlite:///{run / 'gradebook.db'}") as gradebook:
        for task in gradebook.assignments:
            for submission in gradebook.assignment_submissions(task.name):
                for node in submission.notebooks:
                    for grade in node.grades:
                        place = (submission.student.id, task.name, node.name, grade.name)
                        found[place] = (grade.auto_score, bool(grade.needs_manual_grade))
    return found
