"""The catalogues: nothing is left out, and nothing is lost in a translation."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from aula.locale.catalogues import read, translations
from aula.locale.check import mistakes
from aula.locale.extraction import TRANSLATED, sources


@pytest.fixture(scope="module")
def found() -> Catalog:
    """Every string that is marked in templates and Python."""
    return sources()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_is_translated(found: Catalog, language: str) -> None:
    """Each string of the sources is in the catalogue, translated, with the same values: run `python -m aula.locale`."""
    assert len(found) > 200
    assert mistakes(found, read(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_in_a_catalogue_that_no_page_says(found: Catalog, language: str) -> None:
    """A catalogue holds no string that is gone from the sources."""
    assert [one.id for one in read(language) if one.id and found.get(_first(one.id), one.context) is None] == []


def _first(words: object) -> str:
    return str(words[0] if isinstance(words, list | tuple) else words)


@pytest.mark.parametrize(
    ("english", "said", "wrong"),
    [
        ("Hello", None, "left out"),
        ("Hello", "", "not translated"),
        ("Hello, %(name)s", "Hola", "has the values"),
        ("Hello, {name}", "Hola, {nombre}", "has the values"),
        ("<a>Hello</a>", "Hola", "has the values"),
        (("%(n)s day", "%(n)s days"), ("", ""), "not translated"),
        (("%(n)s day", "%(n)s days"), ("un día", "días"), "has the values"),
        (("%(n)s day", "%(n)s days"), ("un día", "%(n)s días"), ""),
        ("Hello, %(name)s", "Hola, %(name)s", ""),
    ],
)
def test_a_mistake_would_be_found(english: str, said: str | None, wrong: str) -> None:
    """The check itself finds strings left out, not translated, and translations that lost a value or a tag."""
    source, catalogue = Catalog(), Catalog(locale="es")
    source.add(english)
    if said is not None:
        catalogue.add(english, said)
    assert all(wrong in line for line in mistakes(source, catalogue))
    assert bool(mistakes(source, catalogue)) is bool(wrong)


def test_a_fuzzy_translation_is_none() -> None:
    """What a tool has guessed does not count."""
    source, catalogue = Catalog(), Catalog(locale="es")
    source.add("Hello")
    catalogue.add("Hello", "Hola", flags=("fuzzy",))
    assert "fuzzy" in mistakes(source, catalogue)[0]


def test_plurals_follow_the_language() -> None:
    """Romanian has three forms, and Turkish one."""
    romanian, turkish = translations("ro"), translations("tr")
    one, many = "%(count)s lesson", "%(count)s lessons"
    assert [romanian.ngettext(one, many, n) for n in (1, 2, 20)] == [
        "%(count)s lecție",
        "%(count)s lecții",
        "%(count)s de lecții",
    ]
    assert turkish.ngettext(one, many, 1) == turkish.ngettext(one, many, 5) == "%(count)s ders"
    assert translations("en").ngettext(one, many, 1) == one


def test_romanian_is_written_with_commas() -> None:
    """Romanian's letters have a comma below: ș and ț, never the cedillas of Turkish."""
    path = Path(read.__code__.co_filename).parent / "ro" / "LC_MESSAGES" / "aula.po"
    assert re.findall("[şţŞŢ]", path.read_text()) == []


def test_an_unknown_language_is_refused() -> None:
    """No name leads out of the folder of catalogues."""
    with pytest.raises(ValueError, match="not among"):
        translations("../ro")
