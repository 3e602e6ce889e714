"""The folder that the press prints from: the book's look, the courses' table of contents, and what pages show."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from aula.catalogue import Course
from aula.locale.languages import DEFAULT
from aula.press import bibliography, book, configuration, pages
from aula.press.imprint import Imprint

BESIDE = shutil.ignore_patterns(".*", "__pycache__", "*.md", "*.ipynb")
STYLE = """
.search-button, .search-button-field { display: none !important; }  /* there is no index */
.aula-strip--failed { border-left-color: var(--aula-bad); }
.aula-strip--failed .aula-facts strong { color: var(--aula-bad); }
"""


def contents(root: Path, courses: Sequence[Course]) -> dict[str, object]:
    """Return the table of contents of these courses, and of what they cite."""
    parts = [book.part(course) for course in courses]
    if bibliography.files(root, tuple(courses)):
        parts.append({"caption": "About", "chapters": [{"file": bibliography.PAGE}]})
    return {"format": "jb-book", "root": "index", "parts": parts}


def lay_out(root: Path, courses: Sequence[Course], source: Path) -> None:
    """Lay out all but the pages in source, which is made anew."""
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    cited = bibliography.files(root, tuple(courses))
    configuration.write(root, source, Imprint("Preview"), DEFAULT, (), cited)
    with (source / "theme" / "_static" / "aula.css").open("a", encoding="utf-8") as style:
        style.write(STYLE)
    (source / "index.md").write_text("# All pages\n", encoding="utf-8")
    text = yaml.safe_dump(contents(root, courses), sort_keys=False, allow_unicode=True)
    (source / book.CONTENTS).write_text(text, encoding="utf-8")
    for course in courses:
        put_beside(course, source)
        for file in (*map(pages.page_of_lesson, course.lessons), *map(pages.page_of_assignment, course.assignments)):
            _hold(source / "courses" / course.id / file.with_suffix(".md"))
        _hold(source / "courses" / course.id / "index.md")


def put_beside(course: Course, source: Path) -> None:
    """Copy the figures, data and scripts that lie beside a course's texts."""
    folder = source / "courses" / course.id
    for name in ("lessons", "data", "figures", "assignments"):
        if (course.folder / name).is_dir():
            shutil.copytree(course.folder / name, folder / name, ignore=BESIDE, dirs_exist_ok=True)


def _hold(page: Path) -> None:
    """Hold the place of a page that is not printed yet, so that the table of contents can name it."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("# …\n", encoding="utf-8")
