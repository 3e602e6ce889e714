"""Links and pictures lead to something that the book has; what is cited stands in a bibliography."""

import re
from collections.abc import Iterator
from os.path import normpath
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from aula.check.page import Page
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.press import bibliography

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]", re.IGNORECASE)
SOURCE = re.compile(r"""<(?:img|source)\b[^>]*?\bsrc=["']([^"']+)["']|<a\b[^>]*?\bhref=["']([^"']+)["']""")
DIRECTIVE = re.compile(r"(?:^|\n):{3,}\s*\{(?:image|figure)\}\s*(\S+)")
FENCE = re.compile(r"\{(image|figure|[\w:-]+)\}\s*(\S*)")
CITES = re.compile(r"\{cite[\w:]*\}`([^`]+)`")
ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
IN_THE_BOOK = ("lessons", "data", "figures", "assignments")


def _find(view: View) -> Iterator[Problem]:
    folder = view.course.folder
    bibliographies = bibliography.files(folder.parents[1], (view.course,))
    known = {key for path in bibliographies for key in ENTRY.findall(path.read_text("utf-8", "replace"))}
    labels = "\n".join(page.text for page in view.every_page)
    for page in view.every_page:
        for target, line in _targets(page.tokens):
            path = unquote(re.split(r"[#?]", target)[0])
            if f"({path})=" not in labels and (said := _wrong(view, page, path)):
                yield Problem(page.path, f"'{target}' {said}.", line)
        for cell in page.prose:
            for found in CITES.finditer(cell.source):
                line = cell.line + cell.source.count("\n", 0, found.start())
                for key in sorted({part.strip() for part in found[1].split(",")} - known):
                    remedy = f"Write its entry into {bibliography.FILE} in the course's folder, or correct the key."
                    yield Problem(page.path, f"'{key}' is cited, and in no bibliography.", line, cell.number, remedy)


def _targets(tokens: list[Token], first: int = 1) -> Iterator[tuple[str, int]]:
    """Yield where the links and pictures of a text lead, each with its line, if it is not another site."""
    for token in tokens:
        line = first + (token.map[0] if token.map else 0)
        for target in _in_token(token):
            if not ELSEWHERE.match(target):
                at = token.content.find(target)
                yield target, line + (token.content.count("\n", 0, at) if token.type != "fence" and at > 0 else 0)
        if token.type == "fence" and (kind := FENCE.match(token.info.strip())) and not kind[1].startswith("code"):
            yield from _targets(MarkdownIt("commonmark").enable("table").parse(token.content), line + 1)


def _in_token(token: Token) -> Iterator[str]:
    if token.type == "fence":
        if (found := FENCE.match(token.info.strip())) and found[1] in ("image", "figure") and found[2]:
            yield found[2]
    elif token.type == "html_block":
        yield from (one or other for one, other in SOURCE.findall(token.content))
    elif token.type == "inline":
        yield from DIRECTIVE.findall(token.content)
        for child in token.children or ():
            target = child.attrGet("href") if child.type == "link_open" else child.attrGet("src")
            yield from [str(target)] if target else []
            if child.type == "html_inline":
                yield from (one or other for one, other in SOURCE.findall(child.content))


def _wrong(view: View, page: Page, path: str) -> str:
    """Return what is wrong with a path that a page names; nothing where it leads to what readers get."""
    course = view.course
    folder, root = course.folder.resolve(), course.folder.resolve().parents[1]
    target = Path(normpath(page.path.resolve().parent / path))
    text = target.with_suffix(".md") if target.suffix in ("", ".ipynb") else target
    if not target.is_relative_to(folder) or not (target.exists() or text.is_file()):
        in_book = root / "book" / target.relative_to(root) if target.is_relative_to(root) else target
        of_book = root / "book" in in_book.parents and (in_book.is_file() or in_book.with_suffix(".md").is_file())
        return "" if of_book else "leads nowhere" if not target.exists() else "leads out of the course"
    if page.path.name == "instructor.md":
        return ""  # it is no page of the book
    pages = {course.folder / "index.md", *(course.lesson_file(item) for item in course.lessons)}
    pages |= {course.assignment_file(task) for task in course.assignments}
    if text.suffix == ".md" and text.resolve() not in {one.resolve() for one in pages}:
        return "is no page of the book"
    within = target.relative_to(folder).parts[:1]
    return "" if text.suffix == ".md" or within in {(one,) for one in IN_THE_BOOK} else "does not travel into the book"


RULE = Rule(
    name="links-lead-somewhere",
    title="links and pictures lead to what is there, and what is cited stands in references.bib",
    why="A lesson that was renamed leaves links behind that lead nowhere. The book refuses them, late.",
    bad="[Next](02-frist-job.md)",
    good="[Next](02-first-job.md)",
    remedy="Name a file of the course, seen from the folder of this text; pictures lie in lessons/, data/ or figures/.",
    find=_find,
)
