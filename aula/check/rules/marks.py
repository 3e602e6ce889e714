"""Points and ids: what nbgrader reads of each cell is valid, ids are unique, points add up."""

from collections.abc import Iterator

from aula import marks
from aula.check.rule import Problem, Rule
from aula.check.said import problem
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    for task, page in view.assignments:
        for said in marks.problems(page.node, task.points):
            yield problem(page.path, said, page)


RULE = Rule(
    name="marks",
    title="cells are marked as nbgrader wants it, grade ids are unique, points add up",
    why="Two cells with one id, or points that do not add up to those of course.yml, give trainees wrong marks.",
    bad="nbgrader: {grade: true, grade_id: sum, solution: false, locked: true}   # no points",
    good="nbgrader: {grade: true, grade_id: sum-hidden, points: 2, solution: false, locked: true}",
    remedy="Correct the cell's nbgrader metadata, or the assignment's points in course.yml.",
    find=_find,
)
