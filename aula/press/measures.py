"""How large a course is, in words."""

from aula.catalogue import Course


def size(course: Course) -> str:
    """Return how much there is in a course, and how long it takes."""
    lessons, tasks = count(len(course.lessons), "lesson"), count(len(course.assignments), "assignment")
    return f"{lessons}, {tasks}, about {minutes(course.contract.minutes)}"


def minutes(number: int) -> str:
    """Return minutes as hours and minutes."""
    hours, rest = divmod(number, 60)
    if hours == 0:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def count(number: int, noun: str) -> str:
    """Return how many there are of something."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
