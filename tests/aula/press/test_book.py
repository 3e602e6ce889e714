"""The book is built whole and offline, from what ran and what was released, and replaces nothing else."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from aula import catalogue, course_file, notebook
from aula.errors import BookError
from aula.press import book, cards, pages
from aula.press.imprint import Imprint
from aula.site import reference
from tests.aula.press.book_checkout import EXECUTED, build

LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"([^\"]*)\"")
LINKED = re.compile(r"<a\b[^>]*?href=\"([^\"]*)\"")


def local_target(html: Path, page: Path, link: str) -> Path | None:
    """Return the file a link of a page leads to; None if it leads out of the book."""
    parts = urlsplit(link)
    if parts.scheme or link.startswith("/") or not parts.path:
        return None
    target = (page.parent / unquote(parts.path)).resolve()
    return target / "index.html" if target == html else target


def test_every_page_that_the_book_links_to_exists(html: Path) -> None:
    """Links and files of every page lead to something that is there, the generated ones too."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for link in LOADED.findall(text) + LINKED.findall(text):
            target = local_target(html, page, link)
            assert target is None or target.is_file(), f"{page.relative_to(html)}: {link}"


def test_every_place_that_the_book_links_to_exists(html: Path) -> None:
    """A link to a place within a page, of its own or of another one, leads to something of that name."""
    texts = {page: page.read_text(encoding="utf-8") for page in html.rglob("*.html")}
    for page, text in texts.items():
        for link in LINKED.findall(text):
            place = unquote(urlsplit(link).fragment)
            target = page if link.startswith("#") else local_target(html, page, link)
            if place and target:
                assert f'id="{place}"' in texts[target], f"{page.relative_to(html)}: {link}"


def test_nothing_is_loaded_from_another_host(html: Path) -> None:
    """A reader without the internet sees everything: no script, style, font or picture is elsewhere."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not [link for link in LOADED.findall(text) if urlsplit(link).netloc], page
        unread = "".join(re.findall(r"<script\b.*?</script>|<[^>]*>", text, re.DOTALL))
        assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|mathjax", unread, re.IGNORECASE), page
    for style in html.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), style


def test_start_page_search_and_footer(html: Path) -> None:
    """The start page has a card for the course, search knows its words, every page bears the version."""
    start = (html / "index.html").read_text(encoding="utf-8")
    assert 'href="courses/small/index.html"' in start
    assert "A course for the tests." in start
    for page in html.rglob("*.html"):
        foot = page.read_text(encoding="utf-8").rpartition("bd-footer-content")[2]
        assert "Aula 1.2.3." in foot, page
        assert "CC-BY-4.0" in foot, page
        name = page.relative_to(html).with_suffix("").as_posix()
        assert f'href="https://example.org/new?title={name}"' in foot, page
    assert '"courses/small/lessons/01-hello"' in (html / "searchindex.js").read_text(encoding="utf-8")


def test_words_are_explained_on_a_page(html: Path) -> None:
    """Words of the field that a reader may not know stand in alphabetical order, and lead to each other."""
    text = (html / "glossary.html").read_text(encoding="utf-8")
    terms = re.findall(r'<dt id="term-[^"]*">([^<]+)<', text)
    assert len(terms) > 15
    assert terms == sorted(terms, key=str.lower)
    assert 'href="#term-Slurm"' in text
    assert 'href="glossary.html"' in (html / "index.html").read_text(encoding="utf-8")


def test_what_a_page_cites_is_listed(html: Path) -> None:
    """A citation on a page leads to the work in the list of references, with its authors and year."""
    words = (html / "glossary.html").read_text(encoding="utf-8")
    link = re.search(r'href="references\.html#(id\d+)"', words)
    assert link
    listed = (html / "references.html").read_text(encoding="utf-8")
    entry = listed.partition(f'id="{link[1]}"')[2].partition("</div>")[0]
    assert "2003" in entry or "2019" in entry
    assert 'href="references.html"' in (html / "index.html").read_text(encoding="utf-8")


def test_building_twice_gives_the_same_book(html: Path) -> None:
    """The same sources give the same bytes, and the new book takes the place of the old."""
    before = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    build(html.parent)
    after = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    assert sorted(before) == sorted(after)
    assert [path for path in before if before[path] != after[path]] == []
    assert not [path.name for path in html.parent.iterdir() if path.name.startswith(".")]


def test_a_broken_link_names_page_and_cell_and_keeps_the_old_book(checkout: Path) -> None:
    """A link to nowhere fails the build; the message names the lesson's text, and readers keep their book."""
    node = nbformat.read(checkout / EXECUTED, as_version=4)
    node.cells[0].id = "cell-1"
    node.cells[0].source += "\n\nSee [more](../nowhere.md)."
    notebook.write(node, checkout / EXECUTED)
    (checkout / "html").mkdir()
    (checkout / "html/index.html").write_text("the old book", encoding="utf-8")
    with pytest.raises(BookError, match=r"courses/small/lessons/01-hello\.md: cell 1, line \d+: WARNING"):
        build(checkout)
    assert (checkout / "html/index.html").read_text(encoding="utf-8") == "the old book"


def test_a_folder_that_is_not_a_book_is_never_replaced(checkout: Path) -> None:
    """A wrong --out cannot make a folder of something else disappear."""
    (checkout / "html").mkdir()
    (checkout / "html/thesis.txt").write_text("three years", encoding="utf-8")
    with pytest.raises(BookError, match="holds something that is not a book"):
        build(checkout)
    assert (checkout / "html/thesis.txt").is_file()


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("executed/small/lessons/01-hello.ipynb", "run `aula notebooks` first"),
        ("executed/small/assignments/sums.ipynb", "run `aula notebooks` first"),
        ("released/sums/sums.ipynb", "run `aula release` first"),
        ("courses/small/index.md", "every course needs this first page"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(checkout: Path, path: str, remedy: str) -> None:
    """A page whose source is missing is an error that names the file and what to do."""
    (checkout / path).unlink()
    with pytest.raises(BookError, match=f"{re.escape(path)}.*{remedy}"):
        build(checkout)


def test_contents_follow_the_catalogue(checkout: Path) -> None:
    """The table of contents is the catalogue's: a course adds its part, and nothing else names it."""
    courses = catalogue.load(checkout).courses
    part = book.contents(courses, changes=False, cited=False)["parts"][1]  # type: ignore[index]  # a plain YAML structure
    assert part["caption"] == "Small course"
    assert [chapter["file"] for chapter in part["chapters"]] == [
        "courses/small/index",
        "courses/small/lessons/01-hello",
        "courses/small/assignments/sums/sums",
    ]


def test_what_a_course_says_is_escaped(small: Path) -> None:
    """Names and summaries of a contract are text, never markup, on the pages that we make of them."""
    contract = small / "course.yml"
    text = contract.read_text(encoding="utf-8").replace("A course for the tests.", "'Is 1 < 2? <b>x</b>'")
    contract.write_text(text.replace("[Ana]", "['<i>Ana</i>']"), encoding="utf-8")
    (small / "index.md").write_text("# Small\n", encoding="utf-8")
    course = catalogue.load(small.parents[1]).course("small")
    assert "&lt;b&gt;x&lt;/b&gt;" in cards.start("<!-- courses -->", (course,))
    assert "&lt;i&gt;Ana&lt;/i&gt;" in pages.course(course)


def test_the_reference_pages_are_written_anew(checkout: Path, tmp_path: Path) -> None:
    """What site.yml and course.yml may say stands in the book as this version's schemas have it."""
    courses = catalogue.load(checkout).courses
    folders = (checkout / "executed", checkout / "released", tmp_path / "source")
    book.assemble(checkout, courses, *folders, Imprint("1.2.3"))
    for page, written in (("site-file", reference.page()), ("course-file", course_file.page())):
        assert (tmp_path / f"source/guides/{page}.md").read_text(encoding="utf-8") == written
        assert f"guides/{page}" in book.GUIDES
