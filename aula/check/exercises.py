"""The exercises of a lesson: headings as ``### Exercise 3: predict, then repair (5 minutes)``.

One that is left for the lab says so: ``### Exercise 4: write (9 minutes, for the lab)``.
"""

import re
from dataclasses import dataclass

from aula.check.page import Heading, Page

HEADING = re.compile(r"Exercise (\d+)\b:?\s*(.*)")
MINUTES = re.compile(r"\((\d+) minutes?(, for the lab)?\)$")
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
    def minutes(self) -> int:
        """The minutes that the heading gives it; 0 where it gives none."""
        found = MINUTES.search(self.heading.title)
        return int(found[1]) if found else 0

    @property
    def in_lab(self) -> bool:
        """Whether the heading leaves it for the lab."""
        found = MINUTES.search(self.heading.title)
        return bool(found and found[2])

    @property
    def kinds(self) -> set[str]:
        """The kinds of exercise that the heading names, as predict and repair."""
        title = re.sub(r"\(.*?\)", "", self.heading.title).casefold()
        return {kind for kind, words in KINDS.items() if any(re.search(rf"\b{word}\b", title) for word in words)}


def exercises(page: Page) -> list[Exercise]:
    """Return the exercises of a lesson, in their order."""
    found = [(HEADING.match(heading.title), heading) for heading in page.headings]
    return [Exercise(int(match[1]), heading) for match, heading in found if match]
