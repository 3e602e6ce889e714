"""The reader's and the instructor's page are there, and say what they should."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import PAGES, View

SECTIONS = ("For whom", "Schedule", "Key points")


def _find(view: View) -> Iterator[Problem]:
    for name in PAGES:
        path = view.course.folder / name
        if not path.is_file():
            yield Problem(path, f"{name} is missing.")
    for page in view.every_page:
        if page.path == view.course.folder / "index.md":
            for section in SECTIONS:
                if page.find(section) is None:
                    yield Problem(page.path, f"The section '{section}' is missing.")


RULE = Rule(
    name="course-pages",
    title="index.md and instructor.md are there; index.md says for whom, when, and what stays",
    why="A busy manager decides by index.md. Who teaches the course next year knows only what instructor.md says.",
    bad="# Sums\n\nA course about sums.",
    good="# Sums\n\n## For whom\n…\n## Schedule\n…\n## Key points\n…",
    remedy=f"Write index.md with the sections {', '.join(SECTIONS)}, and instructor.md with minutes and pitfalls.",
    find=_find,
)
