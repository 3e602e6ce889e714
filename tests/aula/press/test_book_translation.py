"""The book in another language: its translated pages, the ways between them, and of which version they are."""

import re
import shutil
from pathlib import Path

import pytest

from aula import catalogue
from aula.cli import main
from aula.errors import BookError
from aula.press import book, translation
from aula.press.imprint import Imprint
from aula.press.translation import Translation
from tests.aula.press.book_checkout import translate
from tests.aula.small_course import edit

LESSON = "courses/small/lessons/01-hello"


def text_of(page: Path) -> str:
    """Return a page without its tags."""
    return re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))


def lesson(root: Path) -> Translation:
    """Return the translation of the small course's lesson."""
    return translation.found(root, catalogue.load(root).courses, "es")[1]


def test_a_translated_lesson_speaks_its_language(html: Path) -> None:
    """Text, titles, folded text, alt text, buttons and the words around the page are Spanish, and the page says so."""
    page = html / f"es/{LESSON}.html"
    said = text_of(page)
    assert '<html lang="es"' in page.read_text(encoding="utf-8")
    for word in (
        "Hola",
        "Primeras palabras",
        "Por qué",
        "Porque sí",
        "Abrir en tu JupyterLab",
        "3 de noviembre de 2026",
    ):
        assert word in said
    for word in ("First words", "1. Begin", "Because", "Open in your", "Search the book"):
        assert word not in said


def test_only_translated_pages_are_there_twice(html: Path) -> None:
    """What has no translation is not copied; the sidebar leads to the whole book in English."""
    assert not (html / "es/glossary.html").exists()
    assert not (html / "es/courses/small/index.html").exists()
    assert 'href="../../../../index.html"' in (html / f"es/{LESSON}.html").read_text(encoding="utf-8")


def test_a_link_to_what_is_not_translated_leads_to_the_english_page(html: Path) -> None:
    """A lesson's link to an assignment in English leads there, from its text and from its foot."""
    text = (html / f"es/{LESSON}.html").read_text(encoding="utf-8")
    assert 'href="../../../../courses/small/assignments/sums/sums.html">sumas' in text
    assert 'href="../../../../notebooks.html"' in text


@pytest.mark.parametrize("page", ["index", LESSON])
def test_languages_lead_to_each_other(html: Path, page: str) -> None:
    """Each page that has a translation leads to it and back; a page that has none offers none."""
    there = (html / f"{page}.html").read_text(encoding="utf-8")
    up = "../" * page.count("/") or "./"
    assert f'<a href="{up}es/{page}.html" lang="es" hreflang="es">Español</a>' in there
    back = (html / f"es/{page}.html").read_text(encoding="utf-8")
    assert f'<a href="{up}../{page}.html" lang="en" hreflang="en">English</a>' in back
    assert "hreflang" not in (html / "glossary.html").read_text(encoding="utf-8")


def test_a_translation_says_of_which_version_it_is(html: Path) -> None:
    """The reader sees the version of the English text, and that it is the latest."""
    latest = lesson(html.parent).latest
    assert f"Traducido de la versión {latest} de la página en inglés, que es la última." in text_of(
        html / f"es/{LESSON}.html"
    )


def test_an_older_translation_says_so(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once the text has changed, reader and command line are told that the translation is of an older version."""
    edit(checkout / "courses/small/lessons/01-hello.md", "# Hello", "# Hello!")
    state = lesson(checkout).state()
    assert not state.current
    assert f"{state.version}" in state.note()
    assert "versión anterior" in state.note()
    assert main(["--root", str(checkout), "translations"]) == 0
    assert f"01-hello.po: of an older version, {state.version}" in capsys.readouterr().out


def test_a_translation_with_gaps_is_not_current(checkout: Path) -> None:
    """A passage without a translation is shown in English, and counted."""
    edit(lesson(checkout).path, 'msgstr "Hola"', 'msgstr ""')
    state = lesson(checkout).state()
    assert (state.current, state.left) == (False, 1)
    assert "1 of 6 passages to translate" in state.line()


def test_without_a_start_page_there_is_no_book_in_a_language(checkout: Path) -> None:
    """A lesson alone cannot be found by who reads Spanish: the error says what to translate first."""
    translate(checkout)
    (checkout / "book").unlink()
    (checkout / "book").mkdir()
    with pytest.raises(BookError, match="translate the start page first: aula translations es index"):
        lesson(checkout)


def test_a_broken_catalogue_is_named(checkout: Path) -> None:
    """A catalogue that gettext cannot read is an error that names the file."""
    path = lesson(checkout).path
    path.write_text('msgid "Hello\n', encoding="utf-8")
    with pytest.raises(BookError, match=r"01-hello\.po: is no gettext catalogue"):
        lesson(checkout).state()


def test_a_catalogue_is_brought_up_to_date(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New passages are empty, old ones are dropped, known ones stay; the version changes once all is translated."""
    path = lesson(checkout).path
    edit(checkout / "courses/small/lessons/01-hello.md", "# Hello", "# Hello\n\nMore <b>text</b>.")
    (checkout / "book").unlink()
    (checkout / "book").mkdir()
    source = Path(__file__).parents[3] / "book"
    (checkout / "book/theme").symlink_to(source / "theme")
    (checkout / "book/_config.yml").symlink_to(source / "_config.yml")
    (checkout / "book/intro.md").write_text("# Start\n", encoding="utf-8")
    before = translation.Translation(LESSON, "es", checkout / "courses/small/lessons/01-hello.md", path).state().version
    assert main(["--root", str(checkout), "translations", "es", "index"]) == 0
    said = capsys.readouterr().out
    assert "index.po: begun, 1 of 1 passages to translate" in said
    assert f"01-hello.po: of an older version, {before}, 1 of 2 passages to translate" in said
    text = path.read_text(encoding="utf-8")
    assert "Porque sí" not in text
    assert 'msgstr "Hola"' in text


def test_a_start_page_alone_is_a_beginning(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A language begins with the start page, without any lesson; the error says so where there is nothing yet."""
    lesson(checkout).path.unlink()
    (checkout / "book").unlink()
    shutil.copytree(Path(__file__).parents[3] / "book", checkout / "book", ignore=shutil.ignore_patterns("locale"))
    assert main(["--root", str(checkout), "translations", "es"]) == 1
    assert "begin with the start page: aula translations es index" in capsys.readouterr().err
    assert main(["--root", str(checkout), "translations", "es", "index"]) == 0
    assert "book/locale/es/index.po: begun" in capsys.readouterr().out


def test_what_was_never_whole_is_not_in_the_book(checkout: Path) -> None:
    """A translation that is begun has no page: nobody reads English under a Spanish title."""
    translate(checkout, version="unknown")
    told: list[str] = []
    folders = (checkout / "executed", checkout / "released", checkout / "html")
    book.build(checkout, *folders, imprint=Imprint("1.2.3"), tell=told.append)
    assert (checkout / "html/es/index.html").is_file()
    assert not (checkout / f"html/es/{LESSON}.html").exists()
    assert any("01-hello.po: begun" in line for line in told)


def test_an_unknown_page_is_named_with_the_nearest(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt page is an error that names the right one."""
    assert main(["--root", str(checkout), "translations", "es", "small/01-helo"]) == 1
    assert "no page 'small/01-helo' can be translated: did you mean 'small/01-hello'?" in capsys.readouterr().err
