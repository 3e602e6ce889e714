"""All hostile submissions, aimed at what a test has planted."""

from tests.grading.attacks import exhausting, forging, marks, pages, reaching
from tests.grading.hostile import Hostile
from tests.grading.planted import Planted

ATTACKS = (*forging.ATTACKS, *marks.ATTACKS, *reaching.ATTACKS, *exhausting.ATTACKS, *pages.ATTACKS)


def aimed_at(planted: Planted) -> list[Hostile]:
    """Return every attack with the planted places in it."""
    return [attack.aimed(planted) for attack in ATTACKS]
