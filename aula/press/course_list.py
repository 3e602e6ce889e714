"""The page of all courses: for each path those that are for it, with level, time and what people can do afterwards."""

from collections.abc import Iterable

from aula.catalogue import Course
from aula.course import Audience
from aula.press import cards, measures

PAGE = "catalogue"
"""Where the page lies in the book."""
PATHS: dict[Audience, tuple[str, str]] = {
    "decision-maker": ("Decision makers", "You own the company or a product, and decide what is done and bought."),
    "data-scientist": ("Data scientists", "You know pandas, and have never left the laptop."),
    "developer-engineer": ("Developers and engineers", "You write programs and services that others use."),
    "hpc-user": ("HPC users", "You will run real jobs, on an allocation of your own."),
}
"""Each path: its title, and who is on it."""
LEVELS = {"B": "basic", "I": "intermediate", "E": "expert"}
"""The last letter of a skill's identifier in the skill tree of the HPC Certification Forum."""
START = """\
# All courses

Choose by who you are. A course that suits several paths stands under each. The time is all of it: teaching, \
exercises, assignments.
"""


def page(courses: tuple[Course, ...]) -> str:
    """Return the page as Markdown: links to the paths, then a card for each course."""
    ways = "\n".join(f"- [{title}](#{path}): {_number(_of(path, courses))}" for path, (title, _) in PATHS.items())
    return "\n".join([START, ways, *(_path(path, _of(path, courses)) for path in PATHS), ""])


def level(course: Course) -> str:
    """Return how hard a course is, by the skills that it teaches; nothing where these do not say."""
    letters = {skill[-1] for skill in course.contract.skills if skill[-2:-1] == "-"}
    found = [word for letter, word in LEVELS.items() if letter in letters]
    return found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}" if found else ""


def _of(path: Audience, courses: Iterable[Course]) -> list[Course]:
    """Return the courses of a path, the shortest first."""
    return sorted((course for course in courses if path in course.contract.paths), key=_minutes)


def _minutes(course: Course) -> int:
    return course.contract.minutes


def _number(courses: list[Course]) -> str:
    return "no course yet" if not courses else "one course" if len(courses) == 1 else f"{len(courses)} courses"


def _path(path: Audience, courses: list[Course]) -> str:
    title, who = PATHS[path]
    each = cards.cards([cards.card(course, _facts(course)) for course in courses])
    rows = each if courses else "There is no course for this path yet."
    return f"\n({path})=\n## {title}\n\n{who}\n\n{rows}"


def _facts(course: Course) -> str:
    """Return level, size and time in a line."""
    return ". ".join(one for one in (level(course).capitalize(), measures.size(course)) if one)
