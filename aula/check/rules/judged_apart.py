"""Test cells can be judged in a process of their own."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.grading import unjudged


def _find(view: View) -> Iterator[Problem]:
    for _, page in view.assignments:
        for one in unjudged.problems(page.node):
            first = page.line_of_cell(one.cell)
            yield Problem(page.path, one.sentence, first and first + one.line - 1, one.cell, one.remedy)


RULE = Rule(
    name="judged-apart",
    title="test cells can be judged in a process of their own",
    why="Tests run in another process than the trainee's code, which so cannot change or read them. What a test asks "
    "of that code goes over a line between the two: values, and calls of functions and methods.",
    bad="patch(\"builtins.print\")      # it replaces the judge's print, not the trainee's",
    good="with redirect_stdout(StringIO()) as said:\n    report(3)",
    remedy="Ask for what the trainee's code returns, prints or raises. The guide 'How work is graded' has the list.",
    find=_find,
)
