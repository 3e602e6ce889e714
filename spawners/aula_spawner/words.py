"""What people are told: English templates with named values, which a site may have translated."""

from collections.abc import Callable
from typing import Protocol

Translate = Callable[[str, str], str]
"""Takes a language and an English template, and returns the template in that language."""


class Say(Protocol):
    """Returns a sentence in its reader's language."""

    def __call__(self, template: str, **values: object) -> str:
        """Fill the named values into the template's translation."""
        ...


def phrase(text: str) -> str:
    """Return the text: it marks what is translated where it is said."""
    return text


def untranslated(language: str, template: str) -> str:
    """Return the template as it is."""
    del language
    return template


def speaker(translate: Translate, language: str) -> Say:
    """Return what says sentences in a language."""

    def say(template: str, **values: object) -> str:
        return translate(language, template).format(**values)

    return say
