"""Beginning a course, a lesson or an assignment: checked, written whole or not at all."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aula import catalogue, course_file, names
from aula.authoring import contract, template
from aula.authoring.draft import Draft
from aula.catalogue import CONTRACT, Course
from aula.course import LONGEST_NAME
from aula.errors import AuthorError
from aula.kernelspec import USUAL

FIRST_LESSON = "01-first-steps"
MINUTES = {"minutes_teaching": 10, "minutes_exercises": 12}
SECOND_SIZE = {"node": {"size": 1000}}
POINTS, DUE_DAYS, MINUTES_ASSIGNMENT = 10, 7, 60
LONGEST_TITLE = 100
NUMBERED = re.compile(r"(\d\d)-.+")
AUDIENCES = {
    "decision-maker": "decision makers",
    "data-scientist": "data scientists",
    "developer-engineer": "developer-engineers",
    "hpc-user": "HPC users",
}


@dataclass(frozen=True)
class Made:
    """What was written, and the minutes of the course now.

    Where course.yml was left alone, the lines that the author has to add to it, and under which key.
    """

    files: list[Path]
    key: str = ""
    lines: str = ""
    minutes: int = 0


def course(root: Path, name: str, title: str | None, authors: list[str]) -> Made:
    """Begin a course with one lesson."""
    present = [path.name for path in catalogue.folders(root)]
    _check_name("course", name, names.nearest(name) or "my-course", present)
    target = root / "courses" / name
    called = _title(title, name)
    lesson_title = names.title(FIRST_LESSON)
    values: dict[str, object] = {
        "name": name,
        "title": called,
        "authors": [_line("author", author) for author in authors] or [f"The authors of {called}"],
        "year": date.today().year,
        "schema": f"../../aula/{course_file.SCHEMA}" if (root / "aula" / course_file.SCHEMA).is_file() else None,
        "lesson": {"file": FIRST_LESSON, "title": lesson_title, **MINUTES},
    }
    with Draft(target.parent) as draft:
        texts = template.filled("course", values)
        texts[f"lessons/{FIRST_LESSON}.md"] = _lesson_text(
            lesson_title, ("data-scientist", "developer-engineer"), USUAL
        )
        draft.folder(target, texts)
        return Made(draft.publish())


def lesson(root: Path, course_name: str, name: str, title: str | None) -> Made:
    """Begin a lesson of a course; the contract lists it where its number puts it."""
    course = catalogue.find(root, course_name)
    present = [item.file for item in course.lessons]
    _check_name("lesson", name, _numbered(name, present), present, NUMBERED)
    number = name[:2]
    twin = next((one for one in present if one.startswith(f"{number}-")), None)
    if twin:
        raise AuthorError(f"lesson '{name}': {number} is the number of {twin}: call it '{_numbered(name, present)}'")
    entry = {"file": name, **MINUTES, "parameters": SECOND_SIZE}
    position = sum(one < name for one in present)
    with Draft(course.folder) as draft:
        text = _lesson_text(_title(title, name), course.contract.paths, _kernel(course))
        draft.file(course.lessons_folder / f"{name}.md", text)
        return _listed(draft, course, "lessons", entry, position, sum(MINUTES.values()))


def assignment(root: Path, course_name: str, name: str, title: str | None) -> Made:
    """Begin an assignment of a course, with three wrong answers that its tests catch."""
    course = catalogue.find(root, course_name)
    present = [item.name for item in course.assignments]
    _check_name("assignment", name, names.nearest(name) or "my-assignment", present)
    called = _title(title, name)
    texts = template.filled("assignment", {"title": called, "points": POINTS, "kernel": _kernel(course)})
    mutants = {path.removeprefix("mutants/"): text for path, text in texts.items() if path.startswith("mutants/")}
    entry = {"name": name, "title": called, "points": POINTS, "minutes": MINUTES_ASSIGNMENT, "due_days": DUE_DAYS}
    with Draft(course.folder) as draft:
        draft.folder(course.folder / "assignments" / name, {f"{name}.md": texts["assignment.md"]})
        draft.folder(course.folder / "mutants" / name, mutants)
        return _listed(draft, course, "assignments", entry, len(present), MINUTES_ASSIGNMENT)


def _listed(draft: Draft, course: Course, key: str, entry: dict[str, object], position: int, minutes: int) -> Made:
    """Publish the draft, and list it in the contract; where that is in doubt, return what the author has to add."""
    path = course.folder / CONTRACT
    total = course.contract.minutes + minutes
    changed = contract.add(path.read_bytes().decode("utf-8"), key, entry, position, total)
    if changed is not None:
        draft.replace(path, changed)
    files = draft.publish()
    return Made(files, minutes=total) if changed is not None else Made(files, key, contract.shown(entry), total)


def _kernel(course: Course) -> str:
    return course.contract.environment or USUAL


def _lesson_text(title: str, paths: tuple[str, ...], kernel: str) -> str:
    audiences = ", ".join(AUDIENCES[path] for path in paths)
    values = {"title": title, "audiences": audiences, "kernel": kernel, **MINUTES}
    return template.filled("lesson", values)["lesson.md"]


def _check_name(kind: str, name: str, near: str, present: list[str], shape: re.Pattern[str] | None = None) -> None:
    """Refuse a name that cannot be a folder, an address and a command everywhere, or that is taken."""
    if not names.valid(name) or (shape and not shape.fullmatch(name)):
        rule = f"two digits and a hyphen, then {names.RULE}" if shape else names.RULE
        raise AuthorError(f"'{name[:80]}' is no name for a new {kind}: call it '{near}': {rule}")
    if name in present:
        raise AuthorError(f"{kind} '{name}' is there already: choose another name")


def _numbered(name: str, present: list[str]) -> str:
    """Return the nearest valid name with a number that no lesson has yet."""
    taken = {found[1] for one in present if (found := NUMBERED.fullmatch(one))}
    wanted = re.match(r"\d+", name)
    number = wanted[0].zfill(2) if wanted else ""
    if len(number) != 2 or number in taken:
        free = [f"{one:02}" for one in range(1, 100) if f"{one:02}" not in taken] or ["99"]
        number = next((one for one in free if one > max(taken, default="00")), free[0])
    words = names.nearest(re.sub(r"^\d+\W*", "", name)) or "my-lesson"
    return f"{number}-{words}"[:LONGEST_NAME].strip("-")


def _title(given: str | None, name: str) -> str:
    return names.title(name) if given is None else _line("title", given)


def _line(what: str, text: str) -> str:
    """Return a text that must be one line."""
    if not text.strip() or len(text) > LONGEST_TITLE or not text.isprintable():
        raise AuthorError(f"{what} {text[:LONGEST_TITLE]!r}: write one line of 1 to {LONGEST_TITLE} characters")
    return text.strip()
