"""A lesson runs at its second size too, and with another seed."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View


def _find(view: View) -> Iterator[Problem]:
    return (run.problem() for run in view.rehearsal.second if run.broken)


RULE = Rule(
    name="runs-at-second-size",
    title="a lesson runs at its second size too, with another seed and another hash seed",
    why="People change the first cell, and run the lesson on a node. It must not break there, nor live by luck.",
    bad="assert len(shops) == 8",
    good="assert len(shops) == size",
    remedy="Use the parameter where its first value is written out; seed and sort what is random.",
    find=_find,
    slow=True,
)
