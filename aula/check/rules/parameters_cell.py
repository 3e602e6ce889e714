"""A lesson has one cell of parameters, of plain values, and course.yml sets only those."""

import ast
from collections.abc import Iterator

from aula.check import code
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.errors import RunError
from aula.run import plan


def _find(view: View) -> Iterator[Problem]:
    for lesson, page in view.lessons:
        cells = [cell for cell in page.code if "parameters" in cell.tags]
        if len(cells) != 1:
            yield Problem(page.path, f"{len(cells) or 'No'} cells are tagged 'parameters'; one should be.")
            continue
        for node in code.tree(cells[0]).body:
            if not _is_plain(node):
                said = f"'{ast.unparse(node)}' in the cell of parameters does not set a plain value."
                yield Problem(page.path, said, code.line(cells[0], node), cells[0].number)
        try:
            plan.lesson(view.course, lesson)
        except RunError as error:
            sentence = str(error).partition(f"{view.contract_file}: ")[2] or str(error)
            line = view.line_of("lessons", view.course.lessons.index(lesson), "parameters")
            yield Problem(view.contract_file, sentence, line)


def _is_plain(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


RULE = Rule(
    name="parameters-cell",
    title="a lesson has one cell of parameters with plain values, and course.yml sets only those",
    why="The same lesson runs on two cores, on a node and on a GPU. papermill only warns of an unknown parameter.",
    bad="```{code-cell}\n:tags: [parameters]\nsize = len(os.listdir())\n```",
    good="```{code-cell}\n:tags: [parameters]\nsize = 8  # how many shops\n```",
    remedy="Tag one cell 'parameters', with assignments of numbers and texts that are safe for two cores.",
    find=_find,
)
