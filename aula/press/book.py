"""Building the book: pages laid out outside the checkout, Jupyter Book run, the result put in place."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import yaml
from nbformat import NotebookNode

from aula import catalogue, course_file, notebook
from aula.catalogue import Course
from aula.errors import BookError
from aula.locale import LANGUAGES
from aula.locale.languages import DEFAULT
from aula.press import (
    all_notebooks,
    bibliography,
    cards,
    configuration,
    course_list,
    downloads,
    jupyter_book,
    language_book,
    pages,
    printing,
    status,
    translation,
)
from aula.press import released as released_copy
from aula.press.all_notebooks import Run
from aula.press.configuration import Other
from aula.press.imprint import Imprint
from aula.press.translation import Translation
from aula.press.trend import Trend
from aula.run.history import History
from aula.run.job import Job, Result
from aula.site import reference

START, CONTENTS, CHANGES = "intro.md", "_toc.yml", "CHANGELOG.md"
SITE_FILE, COURSE_FILE = "guides/site-file", "guides/course-file"
GLOSSARY = "glossary"
GUIDES = (
    *("guides/trainee", "guides/instructor", "guides/handing-in", "guides/grading", "guides/author"),
    *(COURSE_FILE, "guides/course-rules"),
    *("guides/operator", "guides/people", "guides/operations", "guides/centre"),
    SITE_FILE,
    *("guides/spawner", "guides/spawner-settings"),
)
LEFT_OUT = shutil.ignore_patterns(
    START, bibliography.FILE, "_build", ".*", "__pycache__", "theme", configuration.NAME, translation.LOCALE
)


def build(
    root: Path,
    executed: Path,
    released: Path,
    out: Path,
    courses: list[str] | None = None,
    *,
    imprint: Imprint,
    tell: Callable[[str], None] = print,
) -> None:
    """Build the book of these courses of the checkout at root (default: all), and put its pages into out.

    executed is what `aula notebooks` wrote; released the release folder of a course run, or a folder with a
    course run's folder for each course, named as the course. Readers see the old book until the new one is
    whole. tell hears of each translation that is not of today's text.
    """
    chosen = catalogue.load(root).chosen(courses)
    out = out.resolve()
    if out.exists() and not (out / "index.html").is_file() and not _is_empty(out):
        raise BookError(f"{out}: holds something that is not a book: name another folder with --out")
    translations = _translations(root, chosen, tell)
    with TemporaryDirectory(prefix="aula-book-") as name:
        place = Path(name).resolve()
        assemble(root, chosen, executed, released, place / "source", imprint, translations)
        html = jupyter_book.pages(place / "source", place / "built")
        for course in chosen:
            _add_files(course, html, imprint)
        for there in translations:
            own = language_book.build(root, chosen, executed, imprint, there, place)
            language_book.put_into(html, own, there[0].language)
        try:
            _publish(html, out)
        except OSError as error:
            raise BookError(f"{out}: the book cannot be written there: {error}") from error


def _translations(root: Path, courses: tuple[Course, ...], tell: Callable[[str], None]) -> list[list[Translation]]:
    """Return the translated pages of each language that has some; tell which of them are not of today's text."""
    found = []
    for language in LANGUAGES:
        states = [one.state() for one in translation.found(root, courses, language)]
        for state in states:
            if not state.current:
                tell(state.line())
        if states and states[0].published:  # the start page, to which the others lead
            found.append([state.translation for state in states if state.published])
    return found


def _add_files(course: Course, html: Path, imprint: Imprint) -> None:
    """Put beside a course's pages what readers take home: each lesson, and the course to print."""
    for lesson in course.lessons:
        downloads.write(course, lesson, html / "courses" / course.id / "lessons")
    if imprint.printed:
        printing.write(course, html, imprint)


def assemble(
    root: Path,
    courses: tuple[Course, ...],
    executed: Path,
    released: Path,
    source: Path,
    imprint: Imprint,
    translations: Iterable[list[Translation]] = (),
) -> None:
    """Lay out everything that Jupyter Book reads in the folder source."""
    book = root / "book"
    others = [
        Other(there[0].language, f"{there[0].language}/", tuple(one.page for one in there)) for there in translations
    ]
    try:
        shutil.copytree(book, source, ignore=LEFT_OUT)
        cited = bibliography.files(root, courses)
        configuration.write(root, source, imprint, DEFAULT, others, cited)
        intro = (book / START).read_text(encoding="utf-8")
        (source / "index.md").write_text(cards.start(intro, courses), encoding="utf-8")
        (source / f"{course_list.PAGE}.md").write_text(course_list.page(courses), encoding="utf-8")
        (source / f"{SITE_FILE}.md").write_text(reference.page(), encoding="utf-8")
        (source / f"{COURSE_FILE}.md").write_text(course_file.page(), encoding="utf-8")
        changes = (root / CHANGES).is_file()
        if changes:
            shutil.copy(root / CHANGES, source / "changelog.md")
        runs: list[Run] = []
        today, history = pages.today(courses), History(executed.parent)
        for course in courses:
            runs += _lay_out(course, today, executed, released, source, history, imprint)
        (source / f"{status.PAGE}.md").write_text(all_notebooks.page(runs), encoding="utf-8")
    except OSError as error:
        raise BookError(f"{book}: the book cannot be put together: {error}") from error
    text = yaml.safe_dump(contents(courses, changes=changes, cited=bool(cited)), sort_keys=False, allow_unicode=True)
    (source / CONTENTS).write_text(text, encoding="utf-8")


def contents(courses: tuple[Course, ...], *, changes: bool, cited: bool) -> dict[str, object]:
    """Return the table of contents: a part for each course, then the guides, words, what ran when, what changed."""
    parts: list[dict[str, object]] = [{"caption": "Courses", "chapters": [{"file": course_list.PAGE}]}]
    parts += [part(course) for course in courses]
    parts.append({"caption": "Guides", "chapters": [{"file": guide} for guide in GUIDES]})
    about = [{"file": GLOSSARY}, {"file": status.PAGE}]
    if cited:
        about.append({"file": bibliography.PAGE})
    if changes:
        about.append({"file": "changelog", "title": "What changed"})
    parts.append({"caption": "About", "chapters": about})
    return {"format": "jb-book", "root": "index", "parts": parts}


def part(course: Course) -> dict[str, object]:
    """Return the part of the table of contents that a course has."""
    base = f"courses/{course.id}"
    chapters: list[dict[str, str]] = [{"file": f"{base}/index", "title": "About this course"}]
    chapters += [{"file": f"{base}/{_stem(pages.page_of_lesson(item))}"} for item in course.lessons]
    for item in course.assignments:
        page = f"{base}/{_stem(pages.page_of_assignment(item))}"
        chapters.append({"file": page, "title": f"Assignment · {item.title}"})
    return {"caption": course.title, "chapters": chapters}


def _stem(page: PurePath) -> str:
    return str(page.with_suffix(""))


def _lay_out(
    course: Course,
    today: pages.Today,
    executed: Path,
    released: Path,
    source: Path,
    history: History,
    imprint: Imprint,
) -> list[Run]:
    """Write a course's pages, with the figures and scripts that lie beside their sources; return how they ran."""
    base = f"courses/{course.id}"
    folder = source / base
    (folder / "assignments").mkdir(parents=True)
    (folder / "index.md").write_text(pages.course(course, printed=imprint.printed), encoding="utf-8")
    pages.copy_beside(course, folder)
    runs = []
    for lesson in course.lessons:
        job = today[f"{course.id}/lessons/{lesson.file}"]
        node, result = pages.ran(job, executed)
        trend = _trend(history, job, node, result)
        place = pages.page_of_lesson(lesson)
        notebook.write(pages.lesson(course, lesson, node, result), folder / place)
        runs.append(Run(course.title, pages.title(node), f"{base}/{place}", result, trend))
    for task in course.assignments:
        job = today[f"{course.id}/assignments/{task.name}"]
        solved, result = pages.ran(job, executed)
        place = pages.page_of_assignment(task)
        copy = pages.released_folder(course, task, released)
        node = pages.assignment(course, task, released, solved, result)
        released_copy.check(course, task, copy)
        shutil.copytree(copy, (folder / place).parent, ignore=pages.BESIDE)
        notebook.write(node, folder / place)
        title, trend = f"Assignment · {task.title}", _trend(history, job, solved, result)
        runs.append(Run(course.title, title, f"{base}/{place}", result, trend))
    return runs


def _trend(history: History, job: Job, node: NotebookNode, result: Result) -> Trend:
    """Return the run times of a notebook until the run that the book shows."""
    values = node.metadata.get("papermill", {}).get("parameters", {})
    past = [one for one in history.like(job.title, result.hardware, values) if one.started < result.started]
    return Trend((*(one.seconds for one in past), result.seconds))


def _publish(html: Path, out: Path) -> None:
    """Put the pages in place of the old ones by renaming: no reader meets half a book."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as place:
        new, old = Path(place) / "new", Path(place) / "old"
        shutil.copytree(html, new)
        for path in (new, *new.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        if out.exists():
            out.rename(old)
        new.rename(out)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
