"""Bringing translations up to date with the pages: what is new is empty, what is gone is dropped."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from aula import notebook
from aula.catalogue import Course
from aula.locale.languages import DEFAULT
from aula.press import bibliography, configuration, jupyter_book
from aula.press.imprint import Imprint
from aula.press.language_book import passages_in_html
from aula.press.translation import START, UNKNOWN, Translation

WIDTH = 110


def update(root: Path, courses: tuple[Course, ...], wanted: list[Translation]) -> None:
    """Write the catalogue of each translation anew, from its page's text.

    It names today's version of the text once every passage is translated; until then it keeps the one it had.
    """
    with TemporaryDirectory(prefix="aula-translations-") as name:
        place = Path(name).resolve()
        source = place / "source"
        source.mkdir()
        configuration.write(
            root, source, Imprint(""), DEFAULT, (), bibliography.cited(root, courses, (one.source for one in wanted))
        )
        _gettext(source / configuration.NAME)
        (source / f"{START}.md").write_text((root / "book/intro.md").read_text(encoding="utf-8"), encoding="utf-8")
        lessons = [one for one in wanted if one.page != START]
        for one in lessons:
            notebook.write(notebook.lesson(one.source), source / f"{one.page}.ipynb")
        toc: dict[str, Any] = {"format": "jb-book", "root": START}
        if lessons:
            toc["chapters"] = [{"file": one.page} for one in lessons]
        (source / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
        found = jupyter_book.templates(source, place / "built")
        for one in wanted:
            _write(one, found / f"{one.page}.pot")


def _gettext(path: Path) -> None:
    """Let gettext keep a template for each page, in the order of the text; links lead to pages that are not there."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["sphinx"]["config"] |= {"gettext_compact": False, "myst_all_links_external": True}
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _write(one: Translation, template: Path) -> None:
    """Write a page's catalogue: the passages of the template, with the translations that are known."""
    with template.open("rb") as file:
        passages = [str(message.id) for message in read_po(file) if message.id]
    if one.page != START:
        passages += passages_in_html(notebook.lesson(one.source))
    known = one.catalogue() if one.path.exists() else Catalog(locale=one.language, version=UNKNOWN)
    fresh = Catalog(locale=one.language, domain=one.page, charset="utf-8", fuzzy=False)
    for passage in dict.fromkeys(passages):
        old = known.get(passage)
        fresh.add(passage, "" if old is None or old.fuzzy else str(old.string))
    whole = all(message.string for message in fresh if message.id)
    fresh.project, fresh.version = one.page, one.latest if whole else known.version
    fresh.msgid_bugs_address = fresh.last_translator = fresh.language_team = ""
    fresh.creation_date = fresh.revision_date = known.creation_date if one.path.exists() else fresh.creation_date
    fresh.header_comment = f"# {one.page} in {one.language}. To bring it up to date: aula translations {one.language}"
    one.path.parent.mkdir(parents=True, exist_ok=True)
    with one.path.open("wb") as file:
        write_po(file, fresh, width=WIDTH, no_location=True)
