"""Jupyter Book's configuration for the book in one language: ours, with the imprint and the words around the pages."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aula.locale import NAMES, message, translated
from aula.locale.languages import DEFAULT
from aula.look import STATIC
from aula.press import bibliography
from aula.press.imprint import Imprint

NAME = "_config.yml"
LOOK = {"tokens.css": "theme/_static", "icon.svg": "theme", "icon-dark.svg": "theme"}
"""Of the look that all of Aula has, what the book takes, and the folder that it goes to."""
WORDS = {
    "classroom": message("Go to the classroom"),
    "mistake": message("Report a mistake on this page"),
    "languages": message("Languages"),
    "whole": message("The whole book, in English"),
    "text": message("Text"),
    "code": message("code"),
}
SEARCH, CONTENTS = message("Search the book"), message("On this page")
REFERENCES = message("References")
SHOW, HIDE = message("Show"), message("Hide")


@dataclass(frozen=True)
class Other:
    """The book in another language: the pages that are there, and the way to it from the root of this one."""

    language: str
    root: str
    pages: tuple[str, ...]


def write(
    root: Path, source: Path, imprint: Imprint, language: str, others: Iterable[Other], cited: list[Path]
) -> None:
    """Put the theme and the configuration of the checkout at root into the folder source, and what its pages cite."""
    shutil.copytree(root / "book/theme", source / "theme", ignore=shutil.ignore_patterns(".*"))
    for name, place in LOOK.items():
        (source / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(STATIC / name, source / place)
    document = yaml.safe_load((root / "book" / NAME).read_text(encoding="utf-8"))
    config = document["sphinx"]["config"]
    config["language"] = language
    config["html_context"] = {**config["html_context"], "aula": _context(imprint, language, others)}
    config["html_theme_options"] |= {
        "search_bar_text": translated(SEARCH, language),
        "toc_title": translated(CONTENTS, language),
    }
    config |= {"togglebutton_hint": translated(SHOW, language), "togglebutton_hint_hide": translated(HIDE, language)}
    if language != DEFAULT:
        # Its links lead to pages of other languages too, which Sphinx does not know.
        config |= {"locale_dirs": ["locale"], "gettext_compact": False, "myst_all_links_external": True}
    bibliography.put(cited, source, config, translated(REFERENCES, language))
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    (source / NAME).write_text(text, encoding="utf-8")


def _context(imprint: Imprint, language: str, others: Iterable[Other]) -> dict[str, Any]:
    """Return what the templates of the theme read."""
    return {
        "edition": imprint.edition,
        "mistakes": imprint.mistakes,
        "prefix": "" if language == DEFAULT else f"{language}/",
        "others": [
            {"language": one.language, "name": NAMES[one.language], "root": one.root, "pages": list(one.pages)}
            for one in others
        ],
        "words": {name: translated(said, language) for name, said in WORDS.items()},
    }
