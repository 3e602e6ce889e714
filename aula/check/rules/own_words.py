"""No sentence of the template is left in a course that is about something else."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import PAGES, View

FILES = (*PAGES, "CITATION.cff")
SUMMARY = "Predict how the work of a program grows with its data"
SENTENCES = (
    SUMMARY,
    "The report of the evening takes a minute longer each month",
    "predict how the work of a program grows with its data",
    "Twice the data can be four times the work",
    "Draw four squares for twice the side",
    "A faster machine will do.",
)
"""Sentences of the template's pages that are about its own subject."""


def _find(view: View) -> Iterator[Problem]:
    if view.course.contract.summary.startswith(SUMMARY):
        return  # the template as it came, or still the course about it
    for name in FILES:
        path = view.course.folder / name
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        for number, line in enumerate(lines, start=1):
            for sentence in SENTENCES:
                if sentence in line:
                    yield Problem(path, f"'{sentence}' is left from the template.", number)


RULE = Rule(
    name="own-words",
    title="no sentence of the template is left once the course has a summary of its own",
    why="What 'aula new course' wrote is about another subject. Readers, and who cites the course, take it for yours.",
    bad="abstract: >-\n  Predict how the work of a program grows with its data, …",
    good="abstract: >-\n  Know tonight which machines will have work tomorrow.",
    remedy="Put your own words there.",
    find=_find,
)
