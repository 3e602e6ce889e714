"""Text notebooks can be read: fences are closed, tags are known, no cell hides in another."""

from collections.abc import Iterator
from dataclasses import replace

from aula.check.rule import Problem, Rule
from aula.check.said import problem
from aula.check.view import View

QUOTES = 'Put the text in quotes, as alt: "What it shows".'


def _find(view: View) -> Iterator[Problem]:
    for path, said in view.unreadable.items():
        found = problem(path, said.removeprefix(str(path)))
        yield replace(found, remedy=QUOTES) if found.sentence.startswith("mend the YAML") else found


RULE = Rule(
    name="sound-notebooks",
    title="text notebooks can be read: fences closed, tags known",
    why="One fence that is never closed has published the solutions of more than one public course.",
    bad="```{code-cell}\n:tags: [solutoin]\nprint(42)\n```",
    good="```{code-cell}\n:tags: [solution]\nprint(42)\n```",
    remedy="Close the fence, or correct the tag; the other rules then look into this file too.",
    find=_find,
)
