"""A course to print: one document without what is for a screen, and a PDF of it."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from aula import catalogue
from aula.errors import BookError
from aula.press import printing
from aula.press.imprint import Imprint


@pytest.fixture(scope="module")
def document(html: Path) -> BeautifulSoup:
    """The small course as one document."""
    course = catalogue.load(html.parent).course("small")
    return BeautifulSoup(printing.compose(course, html, Imprint("1.2.3")), "html.parser")


def test_the_cover_says_what_it_is(document: BeautifulSoup) -> None:
    """Title, summary, time, authors, edition and licence are on the first page; the contents name all others."""
    cover = document.select_one(".cover")
    assert cover
    for words in ("Small course", "A course for the tests.", "1 lesson, 1 assignment, about 1 h", "By Ana", "1.2.3"):
        assert words in cover.get_text()
    assert [link.get_text() for link in document.select(".contents a")] == ["Small course", "Hello", "Sums"]


def test_nothing_of_the_screen_is_left(document: BeautifulSoup) -> None:
    """No button, navigation or script is printed, and what is folded on a screen is open on paper."""
    assert not document.select(".aula-buttons, nav, button, script, .headerlink")
    folded = document.find_all("details")
    assert len(folded) > 1
    assert all(one.has_attr("open") for one in folded)


def test_links_lead_within_the_document_or_to_the_web(document: BeautifulSoup, html: Path) -> None:
    """No name stands twice, and no link leads to a file of the machine that printed it."""
    names = [one["id"] for one in document.find_all(id=True)]
    assert len(names) == len(set(names))
    for link in document.find_all("a", href=True):
        href = str(link["href"])
        assert "://" in href or href.removeprefix("#") in names, href
    images = document.find_all("img", src=True)
    assert images
    for image in images:
        assert (html / "courses/small" / str(image["src"])).resolve().is_file()


def test_chromium_prints_it(html: Path, tmp_path: Path) -> None:
    """The PDF has a page for the cover, the contents and each page of the course, and nothing else is left."""
    course = catalogue.load(html.parent).course("small")
    (tmp_path / "courses/small").mkdir(parents=True)
    for name in ("_static", "courses/small/index.html", "courses/small/lessons", "courses/small/assignments"):
        (tmp_path / name).symlink_to(html / name)
    printing.write(course, tmp_path, Imprint("1.2.3"))
    made = (tmp_path / "courses/small/small.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) >= 5
    assert not list(tmp_path.rglob("*.print.html"))


def test_without_chromium_it_says_what_to_install(html: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no Chromium reads how to get it, or to leave the PDF out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    course = catalogue.load(html.parent).course("small")
    with pytest.raises(BookError, match="install it, as apt install chromium, or leave out --pdf"):
        printing.write(course, html, Imprint("1.2.3"))
    assert not list(html.rglob("*.print.html"))
