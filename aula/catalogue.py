"""The catalogue: every course under ``courses/``, its contract checked against its folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from aula import data_files, names, yaml_file
from aula.course import Assignment, Contract, Lesson
from aula.errors import CatalogueError, UnknownCourseError

CONTRACT = "course.yml"


@dataclass(frozen=True)
class Course:
    """A course: the name of its folder, the folder, and what its contract says."""

    id: str
    folder: Path
    contract: Contract

    @property
    def title(self) -> str:
        """The title of the course."""
        return self.contract.title

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """The lessons, in teaching order."""
        return self.contract.lessons

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments, in teaching order."""
        return self.contract.assignments

    @property
    def lessons_folder(self) -> Path:
        """The folder of the lessons and of the scripts beside them."""
        return self.folder / "lessons"

    def lesson_file(self, lesson: Lesson) -> Path:
        """Return the text notebook of a lesson."""
        return self.lessons_folder / f"{lesson.file}.md"

    def lesson_title(self, lesson: Lesson) -> str:
        """Return the heading of a lesson's text; where it has none, its file's name."""
        text = self.lesson_file(lesson).read_text(encoding="utf-8")
        found = re.search(r"^# (.+)$", text, re.MULTILINE)
        return found[1].strip() if found else lesson.file

    def assignment_file(self, assignment: Assignment) -> Path:
        """Return the text notebook of an assignment; what lies beside it travels with it."""
        return self.folder / "assignments" / assignment.name / f"{assignment.name}.md"


@dataclass(frozen=True)
class Catalogue:
    """All courses, by name."""

    root: Path
    courses: tuple[Course, ...]

    def course(self, name: str) -> Course:
        """Return the course of that name."""
        for course in self.courses:
            if course.id == name:
                return course
        raise unknown(self.root, name, [course.id for course in self.courses])

    def chosen(self, names: list[str] | None) -> tuple[Course, ...]:
        """Return the courses of these names, or all of them."""
        return tuple(self.course(name) for name in names) if names else self.courses


def load(root: Path) -> Catalogue:
    """Return the catalogue of ``root/courses``; one error names every problem there is."""
    courses, problems = [], []
    for path in folders(root):
        try:
            courses.append(read(path))
        except CatalogueError as error:
            problems.append(str(error))
    if problems:
        raise CatalogueError("\n".join(problems))
    if not courses:
        raise CatalogueError(f"{root / 'courses'}: holds no course: make one with 'aula new course NAME'")
    return Catalogue(root, tuple(courses))


def folders(root: Path) -> list[Path]:
    """Return the folders of all courses, sound or not."""
    folder = root / "courses"
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: no such folder: run in the checkout, or name it with --root")
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))


def find(root: Path, name: str) -> Course:
    """Return the course of that name, whatever is wrong with others."""
    for path in folders(root):
        if path.name == name:
            return read(path)
    raise unknown(root, name, [path.name for path in folders(root)])


def read(folder: Path) -> Course:
    """Return the course in a folder; one error names every problem there is."""
    if not names.valid(folder.name):
        near = names.nearest(folder.name) or "my-course"
        raise CatalogueError(f"{folder}: is no name for a course: rename the folder, as '{near}': {names.RULE}")
    course = Course(folder.name, folder, yaml_file.read(folder / CONTRACT, Contract, CatalogueError))
    problems = list(_disagreements(course))
    if problems:
        raise CatalogueError("\n".join(problems))
    return course


def unknown(root: Path, name: str, known: list[str]) -> UnknownCourseError:
    """Return the error that no course of the checkout at root has that name; it names the nearest."""
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known) or 'none'}"
    return UnknownCourseError(f"no course '{name}' in {root / 'courses'}: {hint}")


def _disagreements(course: Course) -> Iterator[str]:
    """Yield a sentence for each place where contract and folder disagree."""
    lessons = [lesson.file for lesson in course.lessons]
    lesson_files = {p.stem for p in course.lessons_folder.glob("*.md")}
    yield from _compare(course, "lessons", "file", lessons, lesson_files, "lessons/{}.md")
    assignments = [assignment.name for assignment in course.assignments]
    folder = course.folder / "assignments"
    present = {p.name for p in folder.iterdir() if p.is_dir()} if folder.is_dir() else set()
    yield from _compare(course, "assignments", "name", assignments, present, "assignments/{}/")
    for assignment in course.assignments:
        if assignment.name in present and not course.assignment_file(assignment).is_file():
            yield f"{course.assignment_file(assignment)}: is missing: the notebook bears its folder's name"
    for text in course.lessons_folder.glob("*.md"):
        yield from data_files.of_lesson(text)
    for text in folder.glob("*/*.md"):
        yield from data_files.of_assignment(text)
    for notebook in course.folder.rglob("*.ipynb"):
        yield f"{notebook}: courses hold MyST text only: convert it with 'jupytext --to md:myst'"
    for link in (p for p in course.folder.rglob("*") if p.is_symlink()):
        yield f"{link}: is a link: put the file itself there"


def _compare(course: Course, key: str, field: str, listed: list[str], present: set[str], shape: str) -> Iterator[str]:
    """Yield what is listed and missing, present and not listed, or listed twice."""
    contract = course.folder / CONTRACT
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield f"{contract}: key '{key}' lists {field} '{name}' twice: remove one"
    for name in sorted(set(listed) - present):
        near = get_close_matches(name, sorted(present - set(listed)), n=1)
        hint = f"did you mean '{near[0]}'?" if near else "add it, or take it off the list"
        yield f"{contract}: key '{key}' lists '{name}', but {shape.format(name)} is missing: {hint}"
    for name in sorted(present - set(listed)):
        remedy = "list or remove it" if names.valid(name) else f"rename it, as '{names.nearest(name)}', and list it"
        yield f"{contract}: {shape.format(name)} exists, but key '{key}' does not list it: {remedy}"
