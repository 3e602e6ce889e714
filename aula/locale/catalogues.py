"""The catalogues of translations: read from their .po files once, compiled in memory."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from aula.locale.languages import DEFAULT, NAMES

FOLDER = Path(__file__).parent
DOMAIN = "aula"


def path_of(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue as it stands in its file."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


@cache
def translations(language: str) -> NullTranslations:
    """Return the translations of one of our languages; the sources are English, which needs none."""
    if language not in NAMES:
        raise ValueError(f"{language!r} is not among the languages {', '.join(NAMES)}")
    if language == DEFAULT:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
