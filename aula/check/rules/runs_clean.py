"""Every notebook runs from top to bottom, without a network, and nothing warns."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    return (run.problem() for run in view.rehearsal.first if run.broken)


RULE = Rule(
    name="runs-clean",
    title="every notebook runs to its end without a network, and nothing warns",
    why="Only what ran is known to run. Whoever reads a warning asks what it means; a node has no network.",
    bad="print(frame['price'].mean)\nprint(frame['prise'].mean())",
    good="print(frame['price'].mean())",
    remedy="Mend the cell, or what it warns of; where the error is the lesson, tag the cell 'raises-exception'.",
    find=_find,
    slow=True,
)
