"""A page's translation: its gettext catalogue, and whether it is of today's text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from aula.catalogue import Course
from aula.errors import BookError
from aula.locale import message, translated

LOCALE = "locale"
"""The folder of the catalogues: the book's own has one, and each course."""
START = "index"
UNKNOWN = "unknown"
"""The version of a translation that never was whole."""
NUMBER = re.compile(r"^(\d+)\.(?= )")
"""What begins a title as "1. The map", and a list where Sphinx reads the translation of one by itself."""


@dataclass(frozen=True)
class Translation:
    """One page in another language; its catalogue names the version of the text that it is a translation of."""

    page: str  # in the book, without ending
    language: str
    source: Path
    path: Path

    @property
    def latest(self) -> str:
        """The version of the text as it is today: the beginning of its digest."""
        return sha256(self.source.read_bytes()).hexdigest()[:12]

    def catalogue(self) -> Catalog:
        """Return the catalogue. Raises BookError where it cannot be read, or has a mistake that gettext sees."""
        try:
            with self.path.open("rb") as file:
                return read_po(file, locale=self.language, abort_invalid=True)
        except (OSError, UnicodeDecodeError, PoFileError, ValueError) as error:
            raise BookError(f"{self.path}: is no gettext catalogue: {error}") from error

    def state(self) -> "State":
        """Return of which version the translation is, and how much is left to do."""
        catalogue = self.catalogue()
        left = [one for one in catalogue if one.id and (not one.string or one.fuzzy)]
        return State(self, catalogue.version, self.latest, len(left), len(catalogue))

    def compiled(self, change: Callable[[str], str]) -> bytes:
        """Return the catalogue as gettext reads it; change is made to each passage and to its translation."""
        changed = Catalog(locale=self.language, domain=self.page, charset="utf-8", fuzzy=False)
        for one in self.catalogue():
            if one.id and one.string and not one.fuzzy:
                changed.add(change(str(one.id)), NUMBER.sub(r"\1\.", change(str(one.string))))
        made = BytesIO()
        write_mo(made, changed)
        return made.getvalue()


@dataclass(frozen=True)
class State:
    """How a translation stands against the text."""

    translation: Translation
    version: str
    latest: str
    left: int
    passages: int

    @property
    def current(self) -> bool:
        """Whether it is whole, and of the text as it is today."""
        return self.version == self.latest and self.left == 0

    @property
    def published(self) -> bool:
        """Whether the page is in the book: it was whole once, even if the text has changed since."""
        return self.version != UNKNOWN

    def line(self) -> str:
        """Return it for the command line."""
        if not self.published:
            return f"{self.translation.path}: begun, {self.left} of {self.passages} passages to translate"
        what = "up to date" if self.version == self.latest else f"of an older version, {self.version}"
        left = f", {self.left} of {self.passages} passages to translate" if self.left else ""
        return f"{self.translation.path}: {what}{left}"

    def note(self) -> str:
        """Return it for the reader, in their language, as HTML without a blank line."""
        said = message(
            "Translated from version {version} of the English page, which is the latest.", version=self.version
        )
        if not self.current:
            said = message(
                "This translation is of an older version of the English page: {version}, and that page is now "
                "{latest}. Parts may be out of date or in English.",
                version=self.version,
                latest=self.latest,
            )
        kind = "aula-translation" if self.current else "aula-translation aula-translation--old"
        return f'<p class="{kind}">{escape(translated(said, self.translation.language))}</p>'


def possible(root: Path, courses: tuple[Course, ...], language: str) -> list[Translation]:
    """Return every page that can have a translation, whether it has one or not: the start page and the lessons."""
    book = root / "book"
    start = Translation(START, language, book / "intro.md", book / LOCALE / language / f"{START}.po")
    lessons = [
        Translation(
            f"courses/{course.id}/lessons/{item.file}",
            language,
            course.lesson_file(item),
            course.folder / LOCALE / language / f"{item.file}.po",
        )
        for course in courses
        for item in course.lessons
    ]
    return [start, *lessons]


def found(root: Path, courses: tuple[Course, ...], language: str) -> list[Translation]:
    """Return the translations that there are. Raises BookError where there are some, but none of the start page."""
    there = [one for one in possible(root, courses, language) if one.path.is_file()]
    if there and there[0].page != START:
        raise BookError(
            f"{root / 'book' / LOCALE / language / f'{START}.po'}: is missing: translate the start page first: "
            f"aula translations {language} {START}"
        )
    return there
