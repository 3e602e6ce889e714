"""Which strings people read: found in templates and in Python, where they are marked for translation."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from aula.locale.catalogues import DOMAIN, path_of, read
from aula.locale.languages import DEFAULT, LANGUAGES

ROOT = Path(__file__).parents[2]
PLACES = ("hub_config", "aula", "spawners/aula_spawner")
# Beside gettext's own names: ours, for what is written in one place and read in another.
KEYWORDS = {**DEFAULT_KEYWORDS, "message": None, "say": None, "phrase": None}
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
TRANSLATED = tuple(language for language in LANGUAGES if language != DEFAULT)


def sources(root: Path = ROOT) -> Catalog:
    """Return every string that is marked in the sources, with the files that it stands in."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8", fuzzy=False)
    for place in PLACES:
        found = extract_from_dir(
            root / place,
            method_map=_METHODS,
            options_map={"**/templates/**.html": {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}},
            keywords=KEYWORDS,
            comment_tags=("For translators:",),
            strip_comment_tags=True,
        )
        for name, _, words, comments, context in found:
            catalogue.add(words, locations=[(f"{place}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def update(language: str, found: Catalog) -> None:
    """Bring a language's catalogue up to date: new strings are empty, and those that are gone are dropped."""
    path = path_of(language)
    if path.exists():
        catalogue = read(language)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, domain=DOMAIN, charset="utf-8", fuzzy=False)
        for one in found:
            if one.id:
                catalogue.add(one.id, locations=one.locations, auto_comments=one.auto_comments, context=one.context)
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "Aula", "", ""
    catalogue.last_translator, catalogue.language_team = "", ""
    catalogue.header_comment = f"# Aula in {language}. To bring it up to date: python -m aula.locale"
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=False, omit_header=False)
