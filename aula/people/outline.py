"""What a course run consists of: its course's lessons and assignments, as they were when the run was created."""

from collections.abc import Sequence
from dataclasses import dataclass

from aula.catalogue import Course


@dataclass(frozen=True)
class Outline:
    """Lessons as (file, title, minutes), assignments as (name, title, points, days until it is due)."""

    lessons: Sequence[tuple[str, str, int]] = ()
    assignments: Sequence[tuple[str, str, float, int]] = ()


def of(course: Course) -> Outline:
    """Return the outline of a course."""
    lessons = [(one.file, course.lesson_title(one), one.minutes) for one in course.lessons]
    return Outline(lessons, [(one.name, one.title, one.points, one.due_days) for one in course.assignments])
