"""Pages of the book: what a reader sees of a course, an executed lesson and a released assignment."""

import re
import shutil
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from tempfile import TemporaryDirectory
from typing import TypeAlias
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from aula import notebook
from aula.catalogue import Course
from aula.course import Assignment, Lesson
from aula.errors import BookError
from aula.locale import Message, message, translated
from aula.locale.languages import DEFAULT
from aula.press import downloads, measures, status
from aula.run.job import Job, Result
from aula.run.plan import plan

JUPYTERLAB = "/hub/user-redirect/lab"
OPEN = "/services/portal/open"
"""Where the portal leads from a lesson of a course to the reader's own run of it."""
LEFT_OUT = {"instructor", "remove-cell", "injected-parameters"}
SHOW, HIDE = message("Show solution"), message("Hide solution")
SECRETS = ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS")
BESIDE = shutil.ignore_patterns(".*", "__pycache__", "*.md", "*.ipynb")
"""What does not travel with what lies beside a text."""
Today: TypeAlias = dict[str, Job]
TITLE = re.compile(r"^# .+$", re.MULTILINE)
LINK = re.compile(r"(?<=\]\()([^)\s#]+)\.md(?=[)#])")


def page_of_lesson(lesson: Lesson) -> PurePosixPath:
    """Return where a lesson's page lies in its course's part of the book."""
    return PurePosixPath("lessons", f"{lesson.file}.ipynb")


def page_of_assignment(assignment: Assignment) -> PurePosixPath:
    """Return where an assignment's page lies in its course's part of the book."""
    return PurePosixPath("assignments", assignment.name, f"{assignment.name}.ipynb")


def course(course: Course, *, printed: bool = False) -> str:
    """Return the first page of a course: its index.md with its facts and a button under the title.

    printed says that the course is there to print, too.
    """
    path = course.folder / "index.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BookError(f"{path}: cannot be read: every course needs this first page: {error}") from error
    contract, first = course.contract, course.lessons[0]
    facts = [
        f"<p>{measures.size(course)}. Pass mark {contract.pass_mark:g}&nbsp;%.</p>",
        f'<p class="aula-quiet">By {escape(", ".join(contract.authors))}. Text '
        f"{escape(contract.licence.text)}, code {escape(contract.licence.code)}.</p>",
    ]
    button = _button(f"lessons/{first.file}.html", "Start with the first lesson")
    if printed:
        button += _second(f"{quote(course.id)}.pdf", "Print version (PDF)")
    return _linked(course, "index.md", under_title(path, text, strip(facts, button)))


def today(courses: tuple[Course, ...]) -> Today:
    """Return what would be executed today, by title: the book shows nothing that ran from something else."""
    with TemporaryDirectory(prefix="aula-book-") as place:
        return {job.title: job for job in plan(courses, Path(place))}


def copy_beside(course: Course, folder: Path) -> None:
    """Copy the figures and scripts that lie beside a course's texts to its folder in the book."""
    for name in ("lessons", "data", "figures"):
        if (course.folder / name).is_dir():
            shutil.copytree(course.folder / name, folder / name, ignore=BESIDE, dirs_exist_ok=True)


def ran(job: Job, executed: Path) -> tuple[NotebookNode, Result]:
    """Return a notebook of today as it ran, and how; refuse it where it did not run clean, or ran otherwise."""
    path = executed / job.course / job.kind / f"{job.name}.ipynb"
    node = _read(path, "run `aula notebooks` first, and name its executed/ with --executed")
    return node, status.read(path, node, job.source)


def lesson(
    course: Course, item: Lesson, node: NotebookNode, result: Result, language: str = DEFAULT, note: str = ""
) -> NotebookNode:
    """Return the page of a lesson: the notebook as it ran, with its solutions folded.

    What stands around it is in a language; note, as HTML, follows the title.
    """
    facts = [f'<p class="aula-quiet">{status.head(result, language)}</p>', note]
    target = f"{OPEN}/{quote(course.id)}/{quote(item.file)}"
    buttons = _button(target, translated(message("Open in your JupyterLab"), language))
    buttons += _download(downloads.name(course, item), language)
    page = page_of_lesson(item)
    title = message("How this page ran")
    foot = status.foot(title, result, node, _all_notebooks(course, page), language)
    around = (strip(facts, buttons), foot)
    return finished(course, course.lesson_file(item), for_readers(node, language), around, page)


def for_readers(node: NotebookNode, language: str = DEFAULT) -> NotebookNode:
    """Take out of a lesson what only instructors see, and fold its solutions; return the notebook."""
    node.cells = [cell for cell in node.cells if not LEFT_OUT.intersection(notebook.tags(cell))]
    for cell in node.cells:
        if cell.cell_type == "code" and "solution" in notebook.tags(cell):
            cell.metadata["tags"] = [*notebook.tags(cell), "hide-cell"]
            prompts = {"code_prompt_show": SHOW, "code_prompt_hide": HIDE}
            cell.metadata["mystnb"] = {key: translated(said, language) for key, said in prompts.items()}
    return node


def assignment(course: Course, item: Assignment, released: Path, solved: NotebookNode, result: Result) -> NotebookNode:
    """Return the page of an assignment: the released copy, with a note on how it is handed in and how it ran solved."""
    path = released_folder(course, item, released) / f"{item.name}.ipynb"
    node = _read(path, "run `aula release` first, and name its release/ with --released")
    for number, cell in enumerate(node.cells, start=1):
        if any(secret in cell.source for secret in SECRETS) or cell.get("outputs"):
            raise BookError(
                f"{path}: cell {number} shows a solution, a hidden test or an output: this is not a released "
                "copy: name the release/ that `aula release` made with --released"
            )
    facts = [
        f"<p><strong>Assignment, {item.points:g} points.</strong> You hand it in on the platform: fetch it "
        "in your JupyterLab, write your answers, validate, submit.</p>",
        f'<p class="aula-quiet">Due {measures.count(item.due_days, "day")} after it is released. More tests run when '
        "it is graded than this page shows.</p>",
    ]
    head = strip(facts, _button(JUPYTERLAB, "Open your JupyterLab"), "aula-strip--assignment")
    page = page_of_assignment(item)
    foot = status.foot(Message("How its solution ran, with all tests"), result, solved, _all_notebooks(course, page))
    return finished(course, course.assignment_file(item), node, (head, foot), page)


def released_folder(course: Course, item: Assignment, released: Path) -> Path:
    """Return the folder of the released copy: released is one run's release/, or holds a run per course."""
    of_course = released / course.id / "release" / item.name
    return of_course if of_course.is_dir() else released / item.name


def _read(path: Path, remedy: str) -> NotebookNode:
    try:
        node: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        return node
    except FileNotFoundError as error:
        raise BookError(f"{path}: no such notebook: {remedy}") from error
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise BookError(f"{path}: is not a notebook: {remedy}: {error}") from error


def title(node: NotebookNode) -> str:
    """Return the title of a page, which has one."""
    return "".join(TITLE.findall(node.cells[0].source)[:1]).removeprefix("# ").strip()


def _all_notebooks(course: Course, page: PurePosixPath) -> str:
    """Return the link from a page of a course to the page of all notebooks."""
    return relpath(f"{status.PAGE}.html", f"courses/{course.id}/{page.parent}")


def finished(
    course: Course, source: Path, node: NotebookNode, around: tuple[str, str], page: PurePosixPath
) -> NotebookNode:
    """Put the strip under the title and the foot at the end, and lead links to text notebooks to their pages."""
    head, foot = around
    if not node.cells or node.cells[0].cell_type != "markdown":
        raise BookError(f"{source}: must begin with text: start it with a title, as '# First job'")
    node.cells[0].source = under_title(source, node.cells[0].source, head)
    for cell in node.cells:
        if cell.cell_type == "markdown":
            cell.source = _linked(course, str(page), cell.source)
    node.cells.append(new_markdown_cell(foot, id="status"))  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return node


def under_title(path: Path, text: str, strip: str) -> str:
    """Put HTML under the title of a text. Raises BookError, naming path, where it has none."""
    title = TITLE.search(text)
    if not title:
        raise BookError(f"{path}: has no title: start it with one, as '# First job'")
    return f"{text[: title.end()]}\n\n{strip}\n{text[title.end() :]}"


def _linked(course: Course, page: str, text: str) -> str:
    """Lead links to a lesson's or an assignment's text to its page: only pages are in the book."""
    folder = str(PurePosixPath(page).parent)
    known = {str(page_of_lesson(item).with_suffix("")) for item in course.lessons}
    known |= {str(page_of_assignment(item).with_suffix("")) for item in course.assignments}

    def lead(link: re.Match[str]) -> str:
        target = normpath(f"{folder}/{link[1]}")
        return f"{relpath(target, folder)}.ipynb" if target in known else link[0]

    return LINK.sub(lead, text)


def strip(facts: list[str], button: str = "", kind: str = "") -> str:
    """Return the strip under a title; it holds no blank line, which would end the HTML."""
    classes = f"aula-strip {kind}".strip()
    shown = "\n".join(fact for fact in facts if fact)
    return (
        f'<div class="{classes}"><div class="aula-facts">\n{shown}\n</div>'
        f'<div class="aula-buttons">{button}</div></div>'
    )


def _button(target: str, text: str) -> str:
    return f'<a class="aula-button" href="{escape(target)}">{text}</a>'


def _download(file: str, language: str) -> str:
    return _second(quote(file), translated(message("Download"), language), " download")


def _second(target: str, text: str, more: str = "") -> str:
    """Return a button that stands back behind the first one."""
    return f'<a class="aula-button aula-button--second" href="{escape(target)}"{more}>{escape(text)}</a>'


def text(plain: str) -> str:
    """Return text that no table or link of Markdown takes for markup."""
    return "".join(f"\\{letter}" if letter in r"\|[]*_`<>{}$" else letter for letter in plain)
