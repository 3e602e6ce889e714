"""The words of the panel: all of them in each language of Aula, with their values."""

import re

import pytest

from aula.locale import LANGUAGES
from aula.locale.messages import placeholders
from aula.web.aula_exchange import spoken
from deploy.settings import CHECKOUT

SCRIPTS = CHECKOUT / "aula/web/aula_exchange/labextensions/aula-assignments/static"
ENGLISH = spoken.words("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_all_of_it(language: str) -> None:
    """No word is left out or empty, and each has the values of the English one."""
    said = spoken.words(language)
    assert said["language"] == language
    assert {name: placeholders(text) for name, text in said.items() if text.strip()} == {
        name: placeholders(text) for name, text in ENGLISH.items()
    }


@pytest.mark.parametrize(
    ("wish", "language"), [("pt-PT", "pt"), ("es_ES", "es"), ("TR", "tr"), ("xx", "en"), ("../en", "en"), ("", "en")]
)
def test_a_wish_is_a_language_or_english(wish: str, language: str) -> None:
    """JupyterLab writes languages with or without a region."""
    assert spoken.words(wish)["language"] == language


def test_the_panel_uses_the_words_that_are_there() -> None:
    """Each word that the panel uses is there, and none is there for nothing."""
    script = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    used = set(re.findall(r"\bwords\.(\w+)", script))
    assert {name for name in ENGLISH if not name.startswith("state_")} == used
