"""A course to print: its pages in one document, and that as a PDF by Chromium."""

import os
import shutil
import subprocess
from html import escape
from pathlib import Path
from posixpath import normpath, relpath
from tempfile import TemporaryDirectory

from bs4 import BeautifulSoup, Tag

from aula.catalogue import Course
from aula.errors import BookError
from aula.press import measures, pages
from aula.press.imprint import Imprint

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STYLES = ("pygments.css", "tokens.css", "print.css")
LIMIT_S = 180
NOT_PRINTED = "a.headerlink, .aula-buttons, button, script, nav, .aula-languages, .onlyprint, .prev-next-footer"
DOCUMENT = """\
<!doctype html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>{title}</title>
{styles}
</head>
<body>
<section class="cover">
<p class="name">Aula</p>
<h1>{title}</h1>
<p class="summary">{summary}</p>
<p>{facts}</p>
<p class="imprint">By {authors}. Edition {edition}. Text {text}, code {code}.</p>
</section>
<section class="contents"><h2>Contents</h2><ol>
{contents}
</ol></section>
{articles}
</body></html>
"""


def write(course: Course, html: Path, imprint: Imprint) -> None:
    """Write the PDF of a course into its folder of the book in html.

    Raises BookError where there is no Chromium, or where it makes no PDF.
    """
    folder = html / "courses" / course.id
    document = folder / ".print.html"
    document.write_text(compose(course, html, imprint), encoding="utf-8")
    try:
        _pdf(document, folder / f"{course.id}.pdf")
    finally:
        document.unlink()


def compose(course: Course, html: Path, imprint: Imprint) -> str:
    """Return the document: a cover, the contents, and each page without what is for a screen alone."""
    base = f"courses/{course.id}"
    names = ["index", *(str(pages.page_of_lesson(item).with_suffix("")) for item in course.lessons)]
    names += [str(pages.page_of_assignment(item).with_suffix("")) for item in course.assignments]
    marks = {f"{base}/{name}.html": f"page-{number}" for number, name in enumerate(names, start=1)}
    articles = {mark: _article(html, path, marks, base) for path, mark in marks.items()}
    contract = course.contract
    return DOCUMENT.format(
        title=escape(course.title),
        styles="\n".join(f'<link rel="stylesheet" href="../../_static/{name}">' for name in STYLES),
        summary=escape(" ".join(contract.summary.split())),
        facts=measures.size(course),
        authors=escape(", ".join(contract.authors)),
        edition=escape(imprint.edition),
        text=escape(contract.licence.text),
        code=escape(contract.licence.code),
        contents="\n".join(f'<li><a href="#{mark}">{escape(_title(one))}</a></li>' for mark, one in articles.items()),
        articles="\n".join(str(one) for one in articles.values()),
    )


def _title(article: Tag) -> str:
    heading = article.find("h1")
    return heading.get_text().strip() if heading else ""


def _article(html: Path, path: str, marks: dict[str, str], base: str) -> Tag:
    """Return a page's article, with everything in it as it must be at its new place."""
    soup = BeautifulSoup((html / path).read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None:
        raise BookError(f"{html / path}: has no article to print")
    for one in article.select(NOT_PRINTED):
        one.decompose()
    for folded in article.find_all("details"):
        folded["open"] = ""
    for said in article.select("summary .collapsed"):  # what a click would do, on paper
        said.string = said.get_text().removeprefix("Show ").capitalize()
    for named in article.find_all(id=True):
        named["id"] = f"{marks[path]}-{named['id']}"
    for image in article.find_all("img", src=True):
        image["src"] = relpath(_target(path, str(image["src"])), base)
    for link in article.find_all("a", href=True):
        _lead(link, path, marks)
    article["id"] = marks[path]
    return article


def _lead(link: Tag, path: str, marks: dict[str, str]) -> None:
    """Let a link lead to its place in the document; take it away where it leads out of that, to the platform."""
    address, _, anchor = str(link["href"]).partition("#")
    if "://" in address or address.startswith("mailto:"):
        return
    mark = marks[path] if not address else marks.get(_target(path, address))
    if mark is None:
        link.unwrap()
    else:
        link["href"] = f"#{mark}-{anchor}" if anchor else f"#{mark}"


def _target(path: str, address: str) -> str:
    return normpath(f"{path.rpartition('/')[0]}/{address}")


def _pdf(document: Path, target: Path) -> None:
    """Print a document with Chromium, which loads nothing from elsewhere."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise BookError("there is no Chromium to print with: install it, as apt install chromium, or leave out --pdf")
    with TemporaryDirectory(prefix="aula-print-") as home:
        words = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
        ]
        words += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={home}/profile", "--no-pdf-header-footer"]
        words += ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has none for root; the page is our own
        words += [f"--print-to-pdf={target}", document.as_uri()]
        environment = {**os.environ, "HOME": home}
        try:
            done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise BookError(f"{target}: Chromium did not print it within {LIMIT_S} s: build again") from error
    if done.returncode != 0 or not target.is_file():
        said = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise BookError(f"{target}: Chromium did not print it: {said}")
