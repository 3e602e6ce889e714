"""The exercises of a lesson: headings as ``### Exercise 3: predict, then repair (5 minutes)``."""

import re
from dataclasses import dataclass

from aula.check.page import Heading, Page

HEADING = re.compile(r"Exercise (\d+)\b:?\s*(.*)")
KINDS = {
    "predict": ("predict",),
    "trace": ("trace",),
    "order": ("order", "parsons", "sort"),
    "repair": ("repair", "fix", "mend"),
    "write": ("write", "complete"),
    "measure": ("measure",),
    "diagnose": ("diagnose",),
}
"""The kinds of exercise, each with the words in a heading that tell it."""


@dataclass(frozen=True)
class Exercise:
    """An exercise: its number, and its heading."""

    number: int
    heading: Heading

    @property
    def kinds(self) -> set[str]:
        """The kinds of exercise that the heading names, as predict and repair."""
        title = re.sub(r"\(.*?\)", "", self.heading.title).casefold()
        return {kind for kind, words in KINDS.items() if any(re.search(rf"\b{word}\b", title) for word in words)}


def exercises(page: Page) -> list[Exercise]:
    """Return the exercises of a lesson, in their order."""
    found = [(HEADING.match(heading.title), heading) for heading in page.headings]
    return [Exercise(int(match[1]), heading) for match, heading in found if match]
