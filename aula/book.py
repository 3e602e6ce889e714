"""Building the book: pages laid out outside the checkout, Jupyter Book run, the result put in place."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import nbformat
import yaml

from aula import catalogue, course_file, notebook, pages, status
from aula.catalogue import Course
from aula.errors import BookError
from aula.look import STATIC
from aula.run.job import Job
from aula.run.plan import plan
from aula.site import reference
from aula.status import Run

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
LOOK = {"tokens.css": "theme/_static", "icon.svg": "theme", "icon-dark.svg": "theme"}
"""Of the look that all of Aula has, what the book takes, and the folder that it goes to."""
START, CONFIGURATION, CONTENTS, CHANGES = "intro.md", "_config.yml", "_toc.yml", "CHANGELOG.md"
SITE_FILE, COURSE_FILE = "guides/site-file", "guides/course-file"
GLOSSARY = "glossary"
GUIDES = (
    *("guides/trainee", "guides/instructor", "guides/author"),
    *(COURSE_FILE, "guides/course-rules"),
    *("guides/operator", "guides/people", "guides/operations", "guides/centre"),
    SITE_FILE,
    *("guides/spawner", "guides/spawner-settings"),
)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
IN_NOTEBOOK = re.compile(r"^(\S+)\.ipynb:(\d+)", re.MULTILINE)
CELL_LINES = 10_000  # myst-nb counts a notebook's lines from this many times the number of the cell


def build(root: Path, executed: Path, released: Path, out: Path, courses: list[str] | None = None) -> None:
    """Build the book of these courses of the checkout at root (default: all), and put its pages into out.

    executed is what `aula notebooks` wrote; released the release folder of a course run, or a folder with a
    course run's folder for each course, named as the course. Readers see the old book until the new one is
    whole.
    """
    chosen = catalogue.load(root).chosen(courses)
    out = out.resolve()
    if out.exists() and not (out / "index.html").is_file() and not _is_empty(out):
        raise BookError(f"{out}: holds something that is not a book: name another folder with --out")
    with TemporaryDirectory(prefix="aula-book-") as place:
        source = Path(place).resolve() / "source"
        assemble(root, chosen, executed, released, source)
        html = _run(source, Path(place).resolve() / "built")
        try:
            _publish(html, out)
        except OSError as error:
            raise BookError(f"{out}: the book cannot be written there: {error}") from error


def assemble(root: Path, courses: tuple[Course, ...], executed: Path, released: Path, source: Path) -> None:
    """Lay out everything that Jupyter Book reads in the folder source."""
    book = root / "book"
    try:
        shutil.copytree(book, source, ignore=shutil.ignore_patterns(START, "_build", ".*", "__pycache__"))
        dress(root, source)
        intro = (book / START).read_text(encoding="utf-8")
        (source / "index.md").write_text(pages.start(intro, courses), encoding="utf-8")
        (source / f"{SITE_FILE}.md").write_text(reference.page(), encoding="utf-8")
        (source / f"{COURSE_FILE}.md").write_text(course_file.page(), encoding="utf-8")
        changes = (root / CHANGES).is_file()
        if changes:
            shutil.copy(root / CHANGES, source / "changelog.md")
        runs: list[Run] = []
        today = _today(courses)
        for course in courses:
            runs += _lay_out(course, today, executed, released, source)
        (source / f"{status.PAGE}.md").write_text(status.page(runs), encoding="utf-8")
    except OSError as error:
        raise BookError(f"{book}: the book cannot be put together: {error}") from error
    text = yaml.safe_dump(contents(courses, changes), sort_keys=False, allow_unicode=True)
    (source / CONTENTS).write_text(text, encoding="utf-8")


def contents(courses: tuple[Course, ...], changes: bool) -> dict[str, object]:
    """Return the table of contents: a part for each course, then the guides, words, what ran when, what changed."""
    parts: list[dict[str, object]] = []
    parts += [part(course) for course in courses]
    parts.append({"caption": "Guides", "chapters": [{"file": guide} for guide in GUIDES]})
    about = [{"file": GLOSSARY}, {"file": status.PAGE}]
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


def dress(root: Path, source: Path) -> None:
    """Put Aula's look beside the book's theme in source, and the version into its configuration."""
    for name, place in LOOK.items():
        (source / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(STATIC / name, source / place)
    path = source / CONFIGURATION
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    path.write_text(path.read_text(encoding="utf-8").replace("{version}", version), encoding="utf-8")


def _today(courses: tuple[Course, ...]) -> dict[str, Job]:
    """Return what would be executed today, by title: the book shows nothing that ran from something else."""
    with TemporaryDirectory(prefix="aula-book-") as place:
        return {job.title: job for job in plan(courses, Path(place))}


def _lay_out(course: Course, today: dict[str, Job], executed: Path, released: Path, source: Path) -> list[Run]:
    """Write a course's pages, with the figures and scripts that lie beside their sources; return how they ran."""
    base = f"courses/{course.id}"
    folder = source / base
    (folder / "assignments").mkdir(parents=True)
    (folder / "index.md").write_text(pages.course(course), encoding="utf-8")
    beside = shutil.ignore_patterns(".*", "__pycache__", "*.md", "*.ipynb")
    for name in ("lessons", "data", "figures"):
        if (course.folder / name).is_dir():
            shutil.copytree(course.folder / name, folder / name, ignore=beside)
    runs = []
    for lesson in course.lessons:
        node, result = pages.ran(today[f"{course.id}/lessons/{lesson.file}"], executed)
        place = pages.page_of_lesson(lesson)
        notebook.write(pages.lesson(course, lesson, node, result), folder / place)
        runs.append(Run(course.title, pages.title(node), f"{base}/{place}", result))
    for task in course.assignments:
        solved, result = pages.ran(today[f"{course.id}/assignments/{task.name}"], executed)
        place = pages.page_of_assignment(task)
        node = pages.assignment(course, task, released, solved, result)
        shutil.copytree(pages.released_folder(course, task, released), (folder / place).parent, ignore=beside)
        notebook.write(node, folder / place)
        runs.append(Run(course.title, f"Assignment · {task.title}", f"{base}/{place}", result))
    return runs


def _run(source: Path, built: Path) -> Path:
    """Run Jupyter Book on source; return the folder of the pages."""
    options = ["-n", "-W", "--keep-going", "--path-output", str(built)]
    # Isolated: nothing of the account's own Python may change the book.
    command = [sys.executable, "-I", "-c", JUPYTER_BOOK, "build", str(source), *options]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    html = built / "_build" / "html"
    if done.returncode != 0 or not (html / "index.html").is_file():
        raise BookError(_complaint(done.stderr or done.stdout, source))
    # What only Sphinx and its theme need: not for readers.
    for rest in (html / ".buildinfo", html / "objects.inv", *(html / "_static").glob("*.html")):
        rest.unlink(missing_ok=True)
    return html


def _complaint(said: str, source: Path) -> str:
    """Return what is wrong with which page, in terms of the sources that a person edits."""
    lines = COLOURS.sub("", said).replace(f"{source}/", "").splitlines()
    named = [line for line in lines if "WARNING:" in line or "ERROR:" in line or "CRITICAL:" in line]
    shown = "\n".join(dict.fromkeys(named or lines[-15:]))

    def place(match: re.Match[str]) -> str:
        number, line = divmod(int(match[2]), CELL_LINES)
        node = nbformat.read(source / f"{match[1]}.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        cell = notebook.number(node.cells[number - 1]) or number
        return f"{match[1]}.md: cell {cell}, line {line}"

    return f"the book was not built; mend these pages and build again:\n{IN_NOTEBOOK.sub(place, shown)}"


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
