"""The book in another language: the pages that have a translation, in a folder of the book in English."""

import re
import shutil
from pathlib import Path
from posixpath import normpath, relpath
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from nbformat import NotebookNode

from aula import notebook
from aula.catalogue import Course
from aula.locale.languages import DEFAULT
from aula.press import bibliography, cards, configuration, jupyter_book, pages
from aula.press.configuration import Other
from aula.press.imprint import Imprint
from aula.press.translation import LOCALE, START, Translation

SUMMARY = re.compile(r"(?<=<summary>).*?(?=</summary>)", re.DOTALL)
TO_PAGE = re.compile(r"(\]\([^)\s:#]+)\.(?:md|ipynb)(?=[)#])")
ADDRESS = re.compile(r"(?<=\s)(href|src)=\"([^\"#:?]+)([^\"]*)\"")


def build(
    root: Path, courses: tuple[Course, ...], executed: Path, imprint: Imprint, there: list[Translation], place: Path
) -> Path:
    """Build the book of these translations, all of one language, in place; return the folder of its pages."""
    language, source = there[0].language, place / f"source-{there[0].language}"
    names = tuple(one.page for one in there)
    source.mkdir(parents=True)
    cited = bibliography.cited(root, courses, (one.source for one in there))
    configuration.write(root, source, imprint, language, [Other(DEFAULT, "../", names)], cited)
    today = pages.today(courses)
    for one in there:
        _lay_out(one, courses, today, executed, source)
    toc = {"format": "jb-book", "root": START, **_parts(names, courses, cited=bool(cited))}
    (source / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return jupyter_book.pages(source, place / f"built-{language}")


def _parts(names: tuple[str, ...], courses: tuple[Course, ...], *, cited: bool) -> dict[str, Any]:
    """Return the table of contents below the start page: the pages of each course, and what they cite, if any."""
    chapters = {
        course.title: [{"file": page} for page in names if page.startswith(f"courses/{course.id}/")]
        for course in courses
    }
    parts: list[dict[str, Any]] = [{"caption": title, "chapters": each} for title, each in chapters.items() if each]
    parts += [{"chapters": [{"file": bibliography.PAGE}]}] if cited else []
    return {"parts": parts} if parts else {}


def put_into(html: Path, own: Path, language: str) -> None:
    """Put the pages of a language, own, into the folder of the English ones; what is not there leads to those."""
    for path in own.rglob("*.html"):
        folder = path.relative_to(own).parent.as_posix()

        def lead(address: re.Match[str], folder: str = folder) -> str:
            target = normpath(f"{folder}/{address[2]}")
            if address[2].startswith("/") or (own / target).exists() or not (html / target).exists():
                return address[0]
            return f'{address[1]}="{relpath(f"../{target}", folder)}{address[3]}"'

        path.write_text(ADDRESS.sub(lead, path.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(own, html / language)


def _lay_out(one: Translation, courses: tuple[Course, ...], today: pages.Today, executed: Path, source: Path) -> None:
    """Write a page with its catalogue, as Sphinx reads them."""
    catalogue, note = one.catalogue(), one.state().note()
    if one.page == START:
        text = cards.start(one.source.read_text(encoding="utf-8"), courses, one.language)
        (source / f"{START}.md").write_text(TO_PAGE.sub(r"\1.html", pages.under_title(one.source, text, note)), "utf-8")
    else:
        course, item = next(
            (course, item) for course in courses for item in course.lessons if course.lesson_file(item) == one.source
        )
        folder = source / "courses" / course.id
        pages.copy_beside(course, folder)
        node, result = pages.ran(today[f"{course.id}/lessons/{item.file}"], executed)
        page = pages.lesson(course, item, _in_html(node, catalogue), result, one.language, note)
        for cell in page.cells:
            if cell.cell_type == "markdown":
                cell.source = TO_PAGE.sub(r"\1.html", cell.source)
        notebook.write(page, source / f"{one.page}.ipynb")
    compiled = source / LOCALE / one.language / "LC_MESSAGES" / f"{one.page}.mo"
    compiled.parent.mkdir(parents=True, exist_ok=True)
    compiled.write_bytes(one.compiled(lambda text: TO_PAGE.sub(r"\1.html", text)))


def passages_in_html(node: NotebookNode) -> list[str]:
    """Return what is read and is not in the text: summaries, in HTML, and alt texts of pictures yet to be made."""
    found = [said for cell in node.cells if cell.cell_type == "markdown" for said in SUMMARY.findall(cell.source)]
    return [*found, *(alt for cell in node.cells if (alt := _image(cell).get("alt")))]


def _in_html(node: NotebookNode, catalogue: Catalog) -> NotebookNode:
    """Translate summaries; alt texts Sphinx translates, once there is a picture."""

    def said(text: str) -> str:
        known = catalogue.get(text)
        return str(known.string or text) if known and not known.fuzzy else text

    for cell in node.cells:
        if cell.cell_type == "markdown":
            cell.source = SUMMARY.sub(lambda match: said(match[0]), cell.source)
    return node


def _image(cell: NotebookNode) -> dict[str, str]:
    image: dict[str, str] = cell.metadata.get("mystnb", {}).get("image", {})
    return image
