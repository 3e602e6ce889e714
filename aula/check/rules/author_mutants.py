"""Each assignment keeps at least three typical wrong answers."""

from collections.abc import Iterator
from difflib import get_close_matches

from aula.check import versions
from aula.check.rule import Problem, Rule
from aula.check.view import View

LEAST = 3


def _find(view: View) -> Iterator[Problem]:
    for task, page in view.assignments:
        if not versions.tests(page):
            continue
        files = view.mutant_files(task)
        if len(files) < LEAST:
            folder = view.course.folder / "mutants" / task.name
            yield Problem(folder, f"Assignment '{task.name}' keeps {len(files)} wrong answers, not {LEAST}.")
        known = [cell.grade_id for cell in page.cells if cell.grade_id]
        for mutant in view.mutants(task):
            answers = versions.answers_of(mutant)
            if not answers:
                yield Problem(mutant.path, "It replaces no answer: none of its cells has a grade_id.")
            for name in sorted(set(answers) - set(known)):
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known)}."
                yield Problem(mutant.path, f"The assignment has no cell with the grade_id '{name}'.", remedy=hint)


RULE = Rule(
    name="author-mutants",
    title=f"each assignment keeps at least {LEAST} typical wrong answers",
    why="Tests are code, and can be wrong too. Mistakes that people really make show whether they notice anything.",
    bad="mutants/sums/       (empty)",
    good="mutants/sums/forgets-the-last.md    one cell, with the grade_id of the answer that it replaces",
    remedy="Write mutants/<assignment>/<mistake>.md with the answer's cell, its grade_id, and the mistake in it.",
    find=_find,
)
