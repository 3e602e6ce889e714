"""The markers of solutions and hidden tests are well formed and stand where nbgrader reads them."""

from collections.abc import Iterator

from aula import assignment
from aula.check.rule import Problem, Rule
from aula.check.said import problem
from aula.check.view import View
from aula.release import shown


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        node = page.node
        for said in (*assignment.marker_problems(node), *assignment.solution_problems(node), *shown.problems(node)):
            yield problem(page.path, said, page)


RULE = Rule(
    name="markers",
    title="markers of solutions and hidden tests are well formed, and each solution is there",
    why="nbgrader takes a marker with a typing error for a comment, and releases what stands below it.",
    bad="## BEGIN SOLUTION\nreturn 42\n### END SOLUTION",
    good="### BEGIN SOLUTION\nreturn 42\n### END SOLUTION",
    remedy="Write the markers as nbgrader does, in pairs, solutions in answer cells and hidden tests in test cells.",
    find=_find,
)
