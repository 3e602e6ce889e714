"""Messages that are written in one place and read in another: English, and what it takes to say them otherwise."""

from string import Formatter
from typing import Any

from aula.locale.catalogues import translations


class Message(str):
    """An English sentence that remembers its template and values, so that it can be said in another language."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Message":
        """Fill the named values, as `{name}`, into the template."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


def message(template: str, **values: Any) -> Message:
    """Return a sentence that people may read in their own language: `message("There is no {what}.", what=name)`.

    Values that are messages themselves are translated too. The catalogues hold each such template.
    """
    return Message(template, **values)


def translated(said: object, language: str) -> str:
    """Return a message, or an error that was raised with one, in a language; other text stays as it is."""
    if isinstance(said, BaseException):
        said = said.args[0] if said.args else str(said)
    if not isinstance(said, Message):
        return translations(language).gettext(said) if isinstance(said, str) and said else str(said)
    template = translations(language).gettext(said.template)
    values = {
        name: translated(value, language) if isinstance(value, Message) else value
        for name, value in said.values.items()
    }
    return template.format(**values) if values else template


def placeholders(template: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
